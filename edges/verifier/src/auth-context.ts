import type { AccessClaims } from '@jotwarden/policy'
import { parseScope } from '@jotwarden/policy'
import type { JoseHeader, JsonObject } from '@jotwarden/token'
import { VerifierError } from './errors.ts'

/** Who calls, and what was granted: the one result of a verifier. Frozen throughout. */
export interface AuthContext<C extends AccessClaims = AccessClaims> {
  /** `opaque` when the issuer was asked what the token stands for. */
  readonly tokenKind: 'jwt' | 'opaque'
  readonly claims: C
  /** Of a JWT, as its signature vouches for it. */
  readonly header: JoseHeader | undefined
  /** The token itself. Not enumerable, so that neither logging nor JSON nor spreading shows it. */
  readonly token: string
  readonly subject: string
  readonly clientId: string
  readonly scopes: ReadonlySet<string>
  readonly issuer: string
  readonly audience: readonly string[]
  /** Seconds since the epoch. */
  readonly expiresAt: number
  /** The key whose possession was proved with the request; undefined for a bearer token. */
  readonly confirmation: { readonly type: 'dpop' | 'mtls'; readonly thumbprint: string } | undefined
  /** Who acts for the subject (RFC 8693 §4.1): the current actor is the outermost. */
  readonly actor: JsonObject | undefined
  /** Headers for the response to the request that was authenticated, such as `dpop-nonce`. Not enumerable. */
  readonly responseHeaders: Readonly<Record<string, string>>
  /** Says whether a scope was granted. */
  has(scope: string): boolean
  /** Throws `verifier/insufficient-scope` unless all of these scopes were granted. */
  require(...scopes: readonly string[]): void
  /**
   * Asks the issuer at this moment, and answers a context of what it says: for acts that cannot wait for the feed.
   * Throws `verifier/invalid-token`, `verifier/freshness-unavailable`, or `verifier/options` without a credential.
   */
  requireFresh(): Promise<AuthContext<C>>
}

/**
 * What stands behind `requireFresh`: of a token and the claims that were vouched for, those as the issuer tells them now,
 * and what the profile and its schema make of them.
 */
export type Freshen = (
  token: string,
  vouched: JsonObject,
) => Promise<{ readonly vouched: JsonObject; readonly claims: AccessClaims }>

/** What a context is made of. */
export interface ContextParts<C extends AccessClaims> {
  readonly tokenKind: 'jwt' | 'opaque'
  readonly token: string
  readonly header: JoseHeader | undefined
  readonly claims: C
  /** The claims before a schema made something of them. */
  readonly vouched: JsonObject
  readonly freshen: Freshen
  readonly confirmation?: AuthContext['confirmation']
  readonly responseHeaders?: Readonly<Record<string, string>>
}

/** Makes the context of a token that was verified and allowed. */
export function authContext<C extends AccessClaims>(parts: ContextParts<C>): AuthContext<C> {
  deepFreeze(parts.claims)
  return Object.freeze(new VerifiedContext(parts))
}

/** The same, once the request has shown more than the token does. */
export function provenContext<C extends AccessClaims>(
  context: AuthContext<C>,
  proven: Pick<ContextParts<C>, 'confirmation' | 'responseHeaders'>,
): AuthContext<C> {
  return Object.freeze(new VerifiedContext({ ...VerifiedContext.parts(context), ...proven }))
}

/** What is worth showing lies on the object; token, sets and acts lie behind the prototype. */
class VerifiedContext<C extends AccessClaims> implements AuthContext<C> {
  readonly tokenKind: 'jwt' | 'opaque'
  readonly claims: C
  readonly header: JoseHeader | undefined
  readonly subject: string
  readonly clientId: string
  readonly issuer: string
  readonly audience: readonly string[]
  readonly expiresAt: number
  readonly confirmation: AuthContext['confirmation']
  readonly #parts: ContextParts<C>
  #granted: ReadonlySet<string> | undefined

  constructor(parts: ContextParts<C>) {
    const { tokenKind, claims, header, confirmation } = parts
    this.tokenKind = tokenKind
    this.claims = claims
    this.header = header
    this.subject = claims.sub
    this.clientId = claims.client_id
    this.issuer = claims.iss
    this.audience = typeof claims.aud === 'string' ? soleAudience(claims.aud) : claims.aud
    this.expiresAt = claims.exp
    this.confirmation = confirmation
    this.#parts = parts
  }

  static parts<C extends AccessClaims>(context: AuthContext<C>): ContextParts<C> {
    return (context as VerifiedContext<C>).#parts
  }

  get token(): string {
    return this.#parts.token
  }

  get responseHeaders(): Readonly<Record<string, string>> {
    return this.#parts.responseHeaders ?? noHeaders
  }

  get actor(): JsonObject | undefined {
    const { act } = this.claims
    return typeof act === 'object' && act !== null && !Array.isArray(act) ? (act as JsonObject) : undefined
  }

  /** A copy each time: what `has` and `require` ask cannot be reached from outside. */
  get scopes(): ReadonlySet<string> {
    return new Set(this.#scopes())
  }

  has(scope: string): boolean {
    return this.#scopes().has(scope)
  }

  require(...scopes: readonly string[]): void {
    if (scopes.every((scope) => this.has(scope))) return
    throw new VerifierError(
      'verifier/insufficient-scope',
      'Cannot allow the act: the token grants too little',
      { scopes },
    )
  }

  async requireFresh(): Promise<AuthContext<C>> {
    const { token, vouched, freshen } = this.#parts
    // The schema that made these claims has made those
    const fresh = (await freshen(token, vouched)) as { readonly vouched: JsonObject; readonly claims: C }
    return authContext({ ...this.#parts, ...fresh })
  }

  // Made when first asked: most handlers ask for one scope, many for none
  #scopes(): ReadonlySet<string> {
    const { scope } = this.claims
    this.#granted ??= new Set(scope === undefined ? [] : parseScope(scope))
    return this.#granted
  }
}

/** Nearly always the same API, whose name need not be put into an array each time. */
function soleAudience(audience: string): readonly string[] {
  if (lastSole[0] !== audience) lastSole = Object.freeze([audience])
  return lastSole
}

let lastSole: readonly string[] = []

function deepFreeze(value: object): void {
  // A schema may make bytes, which cannot be frozen
  if (Object.isFrozen(value) || ArrayBuffer.isView(value)) return
  Object.freeze(value)
  // Claims are what JSON gives: nothing is inherited
  for (const name in value) {
    const inner: unknown = value[name as keyof typeof value]
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner)
  }
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({})
