import type { CaseKeys, HostileCase } from '../hostile-case.ts'

/** Another library, as its documentation recommends to set it up for the policy of a case. */
export interface Rival {
  readonly name: string
  readonly can: Capabilities
  /** Sets the library up; what it then does with one token after the other is its answer. May throw: that is one too. */
  prepare(one: HostileCase, keys: CaseKeys): (token: string) => unknown
  /** Whether the error is one that the library documents as a refusal. */
  refuses(error: unknown): boolean
}

/** What the library has a word for; where it has none, a case does not apply to it. */
export interface Capabilities {
  /** An option for the type of the token. */
  readonly typ: boolean
  /** An option for claims that must be there. */
  readonly requiredClaims: boolean
  /** An option under which a token from the future is refused. */
  readonly future: boolean
  /** Shared secrets. */
  readonly secrets: boolean
  /** Keys as JWKs, with what these say about themselves. */
  readonly jwks: boolean
  readonly jwe: boolean
  readonly algorithms: readonly string[]
}

/** RFC 9068 §2.2: what our policy demands of an access token. */
export const REQUIRED: readonly string[] = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id']
export const LONGEST_AGE = 3600
