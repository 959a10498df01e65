import type { AccessClaims, DemandOptions, Demands } from '@jotwarden/policy'
import type { AuthContext } from '../auth-context.ts'
import { type Challenge, type ChallengeOptions, challenge } from '../challenge.ts'
import type { Verifier } from '../create-verifier.ts'
import type { Scheme } from '../credentials.ts'
import { VerifierError, type VerifierErrorCode } from '../errors.ts'
import { refusedToken } from '../refused-token.ts'
import { type RequestParts, requestParts } from '../request-parts.ts'
import { checkedDemands, plainOptions, refuseUnmet, unusable, wantedScopes } from './demands.ts'

/** What a route demands, and how its refusals are answered. Every adapter takes these. */
export interface AuthOptions extends Omit<DemandOptions, 'skew'> {
  /** Lets requests without any Authorization header pass. A bad token is refused all the same. */
  readonly optional?: boolean
  /** `allow` lets a token pass though revocations may have been missed. */
  readonly whenStale?: 'refuse' | 'allow'
  /** Asks the issuer before the handler runs, as `AuthContext.requireFresh` does. Needs a verifier with a credential. */
  readonly fresh?: boolean
  /** Names the protected space to people (RFC 9110 §11.5). Printable ASCII. */
  readonly realm?: string
  /** Where challenges send clients to (RFC 9728 §5.1): what `protectedResourceMetadata` makes, or its URL. */
  readonly resourceMetadata?: string | { readonly url: string }
}

/** What a route demands of a caller who came past a guard before. */
export type RouteDemands = Omit<AuthOptions, 'optional' | 'whenStale'>

/** What a handler gets: nobody only where `optional` may be true. */
export type AuthOf<O extends AuthOptions, C extends AccessClaims = AccessClaims> = 'optional' extends keyof O
  ? true extends O['optional']
    ? AuthContext<C> | undefined
    : AuthContext<C>
  : AuthContext<C>

/** What came of a request. */
export type Admission<C extends AccessClaims = AccessClaims> =
  | {
      readonly admitted: true
      readonly auth: AuthContext<C> | undefined
      /** For the response, whatever the handler makes of it. */
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly admitted: false; readonly challenge: Challenge }

/** What all adapters have in common: who may pass a route, and how whoever may not is answered. */
export interface RequestGuard<C extends AccessClaims = AccessClaims> {
  /** Authenticates a request and holds it to the demands. Throws only what is no refusal. */
  admit(request: Request | RequestParts): Promise<Admission<C>>
  /** Holds a caller who was admitted before, by a guard of the same verifier, to these demands too. */
  demand(auth: AuthContext<C> | undefined): Promise<Admission<C>>
  /** How to answer what a handler threw for want of something in the token; undefined for any other error. */
  answerTo(error: unknown, auth: AuthContext | undefined): Challenge | undefined
}

/**
 * Makes the guard of a route. Throws `verifier/options` at once for options that are unknown, that do not fit into a
 * header or that nobody could meet, and for `fresh` where the issuer cannot be asked.
 */
export function requestGuard<C extends AccessClaims>(
  verifier: Verifier<C>,
  options: AuthOptions = {},
): RequestGuard<C> {
  checkOptions(verifier, options)
  const { optional = false, fresh = false, whenStale = 'refuse' } = options
  const demands = demandsOf(options)
  const told = toldBy(verifier, options, demands)
  // Tries out now what every challenge of this route says
  challenge(nobody, told)
  challenge(tooWeak, told)

  async function held(sent: AuthContext<C>): Promise<AuthContext<C>> {
    const auth = fresh ? await sent.requireFresh() : sent
    refuseUnmet(auth, demands, verifier.now())
    return auth
  }

  async function outcome(
    act: () => Promise<AuthContext<C>>,
    used: () => Scheme | undefined,
    before: () => AuthContext | undefined,
  ): Promise<Admission<C>> {
    try {
      return admitted(await act())
    } catch (error) {
      if (optional && isAnonymous(error)) return admitted(undefined)
      return {
        admitted: false,
        challenge: withHeaders(challenge(error, { ...told, used: used() }), before()),
      }
    }
  }

  return {
    admit(request) {
      let sent: AuthContext<C> | undefined
      const authenticated = async (): Promise<AuthContext<C>> => {
        sent = await verifier.authenticate(request, { whenStale })
        return held(sent)
      }
      return outcome(
        authenticated,
        () => usedScheme(requestParts(request), told.schemes),
        () => sent,
      )
    },
    demand(auth) {
      const known = async (): Promise<AuthContext<C>> => {
        if (auth === undefined) throw nobody
        refuseEnded(auth, verifier.now())
        return held(auth)
      }
      return outcome(
        known,
        () => schemeOf(auth),
        () => auth,
      )
    },
    answerTo(error, auth) {
      if (!(error instanceof VerifierError && askedInHandler.has(error.code))) return undefined
      return withHeaders(challenge(error, { ...told, used: schemeOf(auth) }), auth)
    },
  }
}

function checkOptions(verifier: Verifier, options: AuthOptions): void {
  if (typeof verifier?.authenticate !== 'function')
    throw unusable('verifier', 'is none; pass what createVerifier makes')
  checkAuthOptions(options)
  if (options.fresh && verifier.revocation === null)
    throw unusable('fresh', 'needs a verifier with a credential, such as its option revocation brings')
}

/** Checks what can be checked without a verifier. Throws `verifier/options`. */
export function checkAuthOptions(options: AuthOptions): void {
  // What is no plain object, or an option misspelt, would leave its demand out
  for (const name of Object.keys(plainOptions(options)))
    if (!optionNames.has(name))
      throw unusable(name, `is not known; use one of ${[...optionNames].join(', ')}`)
  // A variable that was not set would take its demand along
  for (const name of ['scopes', 'anyScope', 'acrValues', 'maxAge', 'fresh'] as const)
    if (name in options && options[name] === undefined)
      throw unusable(name, 'is undefined; give it a value, or leave it out')
  if (options.whenStale !== undefined && options.whenStale !== 'refuse' && options.whenStale !== 'allow')
    throw unusable('whenStale', "is neither 'refuse' nor 'allow'")
  if (options.optional !== undefined && typeof options.optional !== 'boolean')
    throw unusable('optional', 'is neither true nor false')
  demandsOf(options)
}

function demandsOf({ scopes, anyScope, acrValues, maxAge }: AuthOptions): Demands {
  return checkedDemands({
    ...(scopes === undefined ? {} : { scopes }),
    ...(anyScope === undefined ? {} : { anyScope }),
    ...(acrValues === undefined ? {} : { acrValues }),
    ...(maxAge === undefined ? {} : { maxAge }),
  })
}

function toldBy(
  verifier: Verifier,
  { resourceMetadata, realm }: AuthOptions,
  demands: Demands,
): ChallengeOptions & { readonly schemes: readonly Scheme[] } {
  return {
    ...verifier.challenges,
    realm,
    scopes: wantedScopes(demands),
    acrValues: demands.acrValues ?? [],
    maxAge: demands.maxAge ?? undefined,
    resourceMetadata: typeof resourceMetadata === 'object' ? resourceMetadata.url : resourceMetadata,
  }
}

function admitted<C extends AccessClaims>(auth: AuthContext<C> | undefined): Admission<C> {
  return { admitted: true, auth, headers: auth?.responseHeaders ?? {} }
}

/** What goes with every response to a request goes with its refusal too, such as the next nonce. */
function withHeaders(answer: Challenge, auth: AuthContext | undefined): Challenge {
  return auth === undefined ? answer : { ...answer, headers: { ...auth.responseHeaders, ...answer.headers } }
}

function usedScheme(request: RequestParts, schemes: readonly Scheme[]): Scheme | undefined {
  const name = request.headers('authorization')[0]?.split(' ')[0]?.toLowerCase()
  return schemes.find((scheme) => scheme.toLowerCase() === name)
}

function schemeOf(auth: AuthContext | undefined): Scheme | undefined {
  return auth === undefined ? undefined : auth.confirmation?.type === 'dpop' ? 'DPoP' : 'Bearer'
}

/** A connection may last longer than the token that it began with. */
function refuseEnded({ expiresAt }: AuthContext, now: number): void {
  if (now >= expiresAt + longestSkew) throw refusedToken('expired', 'it has expired since it was admitted')
}

function isAnonymous(error: unknown): boolean {
  return error instanceof VerifierError && error.code === 'verifier/no-credentials'
}

/** What the handler may have asked of its context. */
const askedInHandler: ReadonlySet<VerifierErrorCode> = new Set<VerifierErrorCode>([
  'verifier/no-credentials',
  'verifier/insufficient-scope',
  'verifier/insufficient-authentication',
  'verifier/invalid-token',
  'verifier/freshness-unavailable',
])

const nobody = new VerifierError('verifier/no-credentials', 'Cannot pass: nothing was sent')
const tooWeak = new VerifierError(
  'verifier/insufficient-authentication',
  'Cannot pass: the sign-in is too weak',
)

/** Seconds by which the clocks of any verifier may differ. */
const longestSkew = 60

const optionNames: ReadonlySet<string> = new Set([
  'scopes',
  'anyScope',
  'acrValues',
  'maxAge',
  'optional',
  'whenStale',
  'fresh',
  'realm',
  'resourceMetadata',
] satisfies (keyof AuthOptions)[])
