import { isScope } from '@jotwarden/policy'
import type { Scheme } from './credentials.ts'
import { VerifierError, type VerifierErrorCode } from './errors.ts'

/** What a challenge says beside the error. */
export interface ChallengeOptions {
  /** Names the protected space to people (RFC 9110 §11.5). Printable ASCII. */
  readonly realm?: string | undefined
  /** The scopes this route asks for, so that a client without a token knows what to get. */
  readonly scopes?: readonly string[]
  /** The schemes by which a token may travel, one challenge each; `Verifier.challenges` has them. Bearer when left out, or the one that the error is of. */
  readonly schemes?: readonly Scheme[]
  /** The algorithms that a DPoP proof may be signed with (RFC 9449 §7.1); `Verifier.challenges` has them. */
  readonly algs?: readonly string[]
  /** The URL of the protected resource's metadata (RFC 9728 §5.1). */
  readonly resourceMetadata?: string | undefined
  /** The authentication contexts of which one is asked for (RFC 9470 §3), where the error names none itself. */
  readonly acrValues?: readonly string[]
  /** Seconds since the sign-in, at most (RFC 9470 §3), where the error names none itself. */
  readonly maxAge?: number | undefined
  /** The scheme that the request used: its challenge alone tells the error. All of them do when left out. */
  readonly used?: Scheme | undefined
}

/** How to answer a refusal. */
export interface Challenge {
  readonly status: 400 | 401 | 403 | 503
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Says how to answer what `authenticate`, `AuthContext.require` or `AuthContext.requireFresh` threw: RFC 6750 §3,
 * RFC 9449 §7.1 and §9, RFC 9470 §3, RFC 9728 §5.1. Anything that is no refusal is thrown on, so that it ends as the
 * server's own error. Throws `verifier/options` for a value that does not fit into a header.
 */
export function challenge(error: unknown, options: ChallengeOptions = {}): Challenge {
  const row = error instanceof VerifierError ? answers[error.code] : null
  if (row === null || !(error instanceof VerifierError)) throw error
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  if (row.status === 503) headers['retry-after'] = String(error.retryAfter ?? defaultRetryAfter)
  else headers['www-authenticate'] = authenticateHeader(row, error, options)
  if (error.nonce !== undefined) headers['dpop-nonce'] = nonceText(error.nonce)
  return { status: row.status, headers }
}

/** The same as a response without a body. */
export function challengeResponse(error: unknown, options: ChallengeOptions = {}): Response {
  const { status, headers } = challenge(error, options)
  return new Response(null, { status, headers })
}

/** One challenge a scheme, in one field line (RFC 9110 §11.6.1). */
function authenticateHeader(row: Answer, error: VerifierError, options: ChallengeOptions): string {
  const { schemes = [row.scheme ?? 'Bearer'], used } = options
  const telling = row.scheme ?? (used !== undefined && schemes.includes(used) ? used : undefined)
  return schemes
    .map((scheme) => {
      const tells = telling === undefined || telling === scheme
      const list = parametersOf(row, tells, error, options)
      if (scheme === 'DPoP' && options.algs?.length) list.push(['algs', options.algs.join(' ')])
      const text = list.map(([name, value]) => `${name}=${quoted(name, value)}`).join(', ')
      return text === '' ? scheme : `${scheme} ${text}`
    })
    .join(', ')
}

function parametersOf(
  row: Answer,
  tells: boolean,
  error: VerifierError,
  options: ChallengeOptions,
): [name: string, value: string][] {
  const { realm, resourceMetadata } = options
  const list: [string, string][] = realm === undefined ? [] : [['realm', realm]]
  if (tells && row.error !== undefined)
    list.push(['error', row.error], ['error_description', row.description])
  if (row.status === 400) return list
  const scopes = error.scopes.length > 0 ? error.scopes : (options.scopes ?? [])
  if (scopes.length > 0) list.push(['scope', scopeText(scopes)])
  if (tells && row.error === 'insufficient_user_authentication') list.push(...stepUp(error, options))
  if (resourceMetadata !== undefined) list.push(['resource_metadata', urlText(resourceMetadata)])
  return list
}

function stepUp(error: VerifierError, options: ChallengeOptions): [name: string, value: string][] {
  const { acrValues = [], maxAge } =
    error.acrValues.length > 0 || error.maxAge !== undefined ? error : options
  const list: [string, string][] = acrValues.length > 0 ? [['acr_values', acrText(acrValues)]] : []
  if (maxAge !== undefined) list.push(['max_age', secondsText(maxAge)])
  return list
}

function scopeText(scopes: readonly string[]): string {
  const text = scopes.join(' ')
  if (isScope(text)) return text
  throw unwritable('a scope does not follow RFC 6749')
}

function acrText(acrValues: readonly string[]): string {
  if (acrValues.every((value) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value))) return acrValues.join(' ')
  throw unwritable('an acr value is no printable ASCII without spaces')
}

function secondsText(maxAge: number): string {
  if (Number.isSafeInteger(maxAge) && maxAge >= 0) return String(maxAge)
  throw unwritable('maxAge is no whole number of seconds')
}

function urlText(url: string): string {
  if (/^https?:\/\/[\x21\x23-\x5b\x5d-\x7e]+$/.test(url) && URL.canParse(url)) return url
  throw unwritable('resourceMetadata is no absolute URL')
}

// RFC 9449 §8.1: nonce = 1*NQCHAR
function nonceText(nonce: string): string {
  if (/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(nonce)) return nonce
  throw unwritable('the nonce does not follow RFC 9449')
}

// RFC 9110 §5.6.4; what no quoted-string can hold is refused rather than dropped
function quoted(name: string, text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text)) throw unwritable(`the value of ${name} is not printable ASCII`)
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
}

function unwritable(state: string): VerifierError {
  return new VerifierError('verifier/options', `Cannot write the challenge: ${state}`)
}

interface Answer {
  readonly status: Challenge['status']
  readonly error?:
    | 'invalid_request'
    | 'invalid_token'
    | 'insufficient_scope'
    | 'insufficient_user_authentication'
    | 'invalid_dpop_proof'
    | 'use_dpop_nonce'
  /** The scheme that the error belongs to, whichever was used. */
  readonly scheme?: Scheme
  /** The same for every cause: which check failed is nobody's business but ours. */
  readonly description: string
}

/** The one table from error to answer. RFC 6750 §3.1: no error code for who has sent no bearer token. */
const answers: Readonly<Record<VerifierErrorCode, Answer | null>> = {
  'verifier/no-credentials': { status: 401, description: '' },
  'verifier/unsupported-scheme': { status: 401, description: '' },
  'verifier/invalid-request': {
    status: 400,
    error: 'invalid_request',
    description: 'Send one access token, in one Authorization header',
  },
  'verifier/invalid-token': {
    status: 401,
    error: 'invalid_token',
    description: 'The access token is expired, revoked or not valid here',
  },
  'verifier/insufficient-scope': {
    status: 403,
    error: 'insufficient_scope',
    description: 'The access token grants too little',
  },
  'verifier/insufficient-authentication': {
    status: 401,
    error: 'insufficient_user_authentication',
    description: 'A stronger or more recent authentication is required',
  },
  'verifier/invalid-dpop-proof': {
    status: 401,
    error: 'invalid_dpop_proof',
    scheme: 'DPoP',
    description: 'The DPoP proof is missing or not valid here',
  },
  'verifier/use-dpop-nonce': {
    status: 401,
    error: 'use_dpop_nonce',
    scheme: 'DPoP',
    description: 'The DPoP proof needs the nonce of this answer',
  },
  'verifier/replay-unavailable': { status: 503, description: '' },
  'verifier/keys-unavailable': { status: 503, description: '' },
  'verifier/stale': { status: 503, description: '' },
  'verifier/freshness-unavailable': { status: 503, description: '' },
  'verifier/closed': { status: 503, description: '' },
  'verifier/options': null,
}

const defaultRetryAfter = 5
