import { encodeBase64url, type JsonObject, type JsonValue, Secret } from '@jotwarden/token'
import { authContext, type Freshen } from '../auth-context.ts'
import { introspectedAccess } from '../introspected-access.ts'
import { invalid, refuseUnknownNames, seconds, wholeNumber } from '../invalid-option.ts'
import type { IntrospectionWorld, OpaqueTokenReader, OpaqueTokens } from '../opaque-tokens.ts'
import { isAllowedUrl } from '../origins.ts'
import { refusedToken } from '../refused-token.ts'
import { undisturbed } from '../undisturbed.ts'
import { AnswerCache } from './answer-cache.ts'
import { introspect, unavailable } from './ask-introspection.ts'

/** How opaque tokens are read. */
export interface IntrospectionOptions {
  /** This API's own credential at the issuer. */
  readonly clientId: string
  readonly clientSecret: string | Secret
  /** Where tokens are introspected; found by discovery when left out. */
  readonly endpoint?: string
  /** What the issuer's opaque tokens begin with; anything else is refused without asking. */
  readonly prefix?: string
  /**
   * For how many seconds an answer is used again: 0 to 60, 5 when left out. A token that was taken back passes for so
   * long, unless the verifier follows revocations.
   */
  readonly cacheFor?: number
  /** Answers remembered at most: 1 to 100,000, 10,000 when left out. */
  readonly maxAnswers?: number
  /** Told the status with which the issuer refuses the credential. What it throws is ignored. */
  readonly onRefused?: (status: number) => void
}

/**
 * Takes opaque tokens, of which the issuer is asked what they stand for (RFC 7662). Calls for one token share one
 * question, answers are remembered by the token's hash, and no more than 64 questions are open at a time: beyond that
 * the answer is 503. Options are checked by `createVerifier`, which throws `verifier/options`.
 */
export function introspection(options: IntrospectionOptions): OpaqueTokens {
  return Object.freeze({ connect: (world: IntrospectionWorld) => reader(options, world) })
}

function reader(options: IntrospectionOptions, world: IntrospectionWorld): OpaqueTokenReader {
  const { prefix, cacheFor, maxAnswers, ...asking } = checked(options, world)
  const answers = new AnswerCache(world.clock, cacheFor, maxAnswers)
  let open = 0

  async function ask(token: string): Promise<JsonObject> {
    if (open >= mostOpen) throw unavailable('backing-off')
    open += 1
    try {
      return await introspect(token, asking)
    } finally {
      open -= 1
    }
  }

  /** With `iss` and `jti` filled in where the issuer does not say them; `fresh` asks again whatever is remembered. */
  async function read(token: string, fresh: boolean): Promise<JsonObject> {
    if (!isOpaqueToken(token) || !token.startsWith(prefix))
      throw refusedToken('token/malformed', 'it is none that the issuer is asked about')
    const hash = await hashOf(token)
    const answer = await answers.find(hash, fresh, () => ask(token))
    if (answer.active !== true) throw refusedToken('inactive', 'the issuer says that it is not active')
    if (!isAccessTokenType(answer.token_type))
      throw refusedToken('wrong-typ', 'the issuer says that it is no access token')
    return completed(answer, world.issuer, hash)
  }

  async function claimsOf(token: string, fresh: boolean): Promise<Vouched> {
    const vouched = await read(token, fresh)
    return { vouched, claims: introspectedAccess(world.profile, vouched, world.clock) }
  }

  return {
    takes: (token) => typeof token === 'string' && !isCompact(token),
    async accept(token, call) {
      const { follower } = world
      follower?.start()
      const { vouched, claims } = await claimsOf(token, false)
      if (follower?.isSettled === false) await follower.firstSync()
      follower?.enforce(claims, undefined, call)
      const freshen: Freshen = async (_, before) => {
        const fresh = await claimsOf(token, true)
        // What the request has proved was asked of the binding that was said before
        if (JSON.stringify(fresh.vouched.cnf) !== JSON.stringify(before.cnf))
          throw refusedToken('introspection-differs', 'the issuer says now that it is bound otherwise')
        return fresh
      }
      return authContext({ tokenKind: 'opaque', token, header: undefined, claims, vouched, freshen })
    },
  }
}

type Vouched = Awaited<ReturnType<Freshen>>

/** RFC 7515 §7.1: three parts. */
function isCompact(token: string): boolean {
  return token.split('.', 4).length === 3
}

/**
 * An issuer may be asked about refresh tokens too, and find them active: where it says the type, that tells them apart
 * (RFC 7662 §2.2, RFC 6749 §7.1, RFC 9449 §5).
 */
function isAccessTokenType(type: JsonValue | undefined): boolean {
  return type === undefined || (typeof type === 'string' && /^(?:bearer|dpop)$/i.test(type))
}

/** `active` and `token_type` speak of the answer, `username` is for people (RFC 7662 §2.2). */
function completed(answer: JsonObject, issuer: string, hash: string): JsonObject {
  const { active: _active, token_type: _type, username: _name, ...claims } = answer
  return { iss: issuer, jti: hash, ...claims }
}

async function hashOf(token: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
  return encodeBase64url(new Uint8Array(digest))
}

function isOpaqueToken(token: unknown): token is string {
  return typeof token === 'string' && /^[A-Za-z0-9\-._~+/]{8,4096}=*$/.test(token)
}

function checked(options: IntrospectionOptions, world: IntrospectionWorld) {
  if (typeof options !== 'object' || options === null)
    throw invalid('introspection', 'reads nothing', "pass introspection this API's clientId and clientSecret")
  refuseUnknownNames('introspection.', options, optionNames)
  const { endpoint, prefix = '', cacheFor = 5, maxAnswers = 10_000 } = options
  if (typeof prefix !== 'string')
    throw invalid('introspection.prefix', 'is no text', 'pass what the tokens begin with')
  if (endpoint !== undefined && !(typeof endpoint === 'string' && isAllowedUrl(endpoint, world.issuer)))
    throw invalid('introspection.endpoint', 'is no URL to send a credential to', 'pass an https URL')
  return {
    ...world,
    clientId: text('clientId', options.clientId),
    clientSecret:
      options.clientSecret instanceof Secret
        ? options.clientSecret
        : Secret.fromText(text('clientSecret', options.clientSecret)),
    introspectionEndpoint: endpoint,
    prefix,
    cacheFor: seconds('introspection.cacheFor', cacheFor, 0, 60),
    maxAnswers: wholeNumber('introspection.maxAnswers', maxAnswers, 1, 100_000),
    onRefused: undisturbed(options.onRefused),
  }
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value
  throw invalid(`introspection.${name}`, 'is missing or no text', 'pass what the issuer gave to this API')
}

const mostOpen = 64

const optionNames: ReadonlySet<string> = new Set([
  'clientId',
  'clientSecret',
  'endpoint',
  'prefix',
  'cacheFor',
  'maxAnswers',
  'onRefused',
] satisfies (keyof IntrospectionOptions)[])
