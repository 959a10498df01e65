/** One hostile token, or a few that belong together, and what each way into it must answer. Data, as they are stored. */
export interface HostileCase {
  /** `group/what`, unique. */
  readonly id: string
  readonly group: string
  readonly title: string
  /** The clause or the class of failures that it stands for. */
  readonly why: string
  readonly token: TokenText
  /** Names of keys in `keys.json`: the key set of the issuer, in this order. */
  readonly keys: readonly string[]
  readonly policy: CasePolicy
  /** What each entry point answers; those that a case does not name are not asked. */
  readonly expect: Expected
  /** What comes with the token, where it is presented in a request. */
  readonly request?: CaseRequest
  /** More tokens that the same verifiers are given after the first. */
  readonly next?: readonly Step[]
}

/** A token as it is, or, where it is huge, the pieces that it is made of. */
export type TokenText = string | { readonly pieces: readonly Piece[] }

export type Piece = string | { readonly repeat: string; readonly times: number }

/** What the reader of the token demands. Times are seconds. */
export interface CasePolicy {
  readonly now: number
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly string[]
  /** Of clocks. */
  readonly skew: number
  /** Where tokens are bound to DPoP keys. */
  readonly dpop?: {
    /** A secret to make nonces by; null where none are asked for. */
    readonly nonce: string | null
  }
}

/** Entry points of the packages; how each is asked stands in `run/`. */
export type Entry = (typeof entries)[number]

/** `accept`, or the code or reason of the refusal. */
export type Verdict = string

export type Expected = { readonly [entry in Entry]?: Verdict }

export interface CaseRequest {
  readonly method: string
  readonly url: string
  /** All lines, in order; `authorization` is added for the token. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly scheme: 'Bearer' | 'DPoP'
}

/** One more token for the same verifiers. */
export interface Step {
  readonly token: TokenText
  /** Seconds that pass before it comes. */
  readonly after: number
  readonly request?: CaseRequest
  readonly expect: Expected
}

/** A test key, as it is stored. */
export interface CaseKey {
  /** As the issuer would publish it, or a shared secret as an `oct` key. */
  readonly jwk: Readonly<Record<string, unknown>>
  /** With its private half, to make tokens by; absent where no such key can sign. */
  readonly private?: Readonly<Record<string, unknown>>
  /** For encryption: the content encryptions that are taken under it. */
  readonly encs?: readonly string[]
  /** A self-signed certificate for it, PEM. */
  readonly certificate?: string
}

export type CaseKeys = { readonly [name: string]: CaseKey }

/** What is refused, and what must pass so that a verifier that refuses everything fails too. */
export function isControl(one: HostileCase): boolean {
  const expected = [one.expect, ...(one.next ?? []).map((step) => step.expect)]
  return expected.flatMap((expect) => Object.values(expect)).every((verdict) => verdict === 'accept')
}

/** The text of a token. */
export function tokenText(token: TokenText): string {
  if (typeof token === 'string') return token
  return token.pieces
    .map((piece) => (typeof piece === 'string' ? piece : piece.repeat.repeat(piece.times)))
    .join('')
}

export const entries = [
  /** `importVerifyKey` or `importSecretKey` of the first key, and the same by `load…`. */
  'import',
  /** `verify` and `verifyAsync` of the token package. */
  'verify',
  /** `decide` of the policy package, of what `verify` let through. */
  'decide',
  /** `verify`, `verifySync` and `verifyMany` of a verifier. */
  'verifier',
  /** `verify` of a verifier that fetches the keys. */
  'fetched',
  /** `verify` of a verifier of several issuers. */
  'several',
  /** `authenticate` of a verifier. */
  'authenticate',
  /** Those of the JWE part of the token package. */
  'decrypt',
  /** `decryptThenVerify`: the first key decrypts, the second verifies what is inside. */
  'nested',
] as const
