import { isScope } from '@jotwarden/policy'
import { VerifierError, type VerifierErrorCode } from './errors.ts'

/** What a challenge says beside the error. */
export interface ChallengeOptions {
  /** Names the protected space to people (RFC 9110 §11.5). Printable ASCII. */
  readonly realm?: string
  /** The scopes this route asks for, so that a client without a token knows what to get. */
  readonly scopes?: readonly string[]
}

/** How to answer a refusal. */
export interface Challenge {
  readonly status: 400 | 401 | 403 | 503
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Says how to answer what `authenticate`, `AuthContext.require` or `AuthContext.requireFresh` threw (RFC 6750 §3).
 * Anything that is no refusal is thrown on, so that it ends as the server's own error.
 * Throws `verifier/options` for a realm or scope that does not fit into a header.
 */
export function challenge(error: unknown, options: ChallengeOptions = {}): Challenge {
  const row = error instanceof VerifierError ? answers[error.code] : null
  if (row === null || !(error instanceof VerifierError)) throw error
  const headers: Record<string, string> = { 'cache-control': 'no-store' }
  if (row.status === 503) headers['retry-after'] = String(error.retryAfter ?? defaultRetryAfter)
  else headers['www-authenticate'] = authenticateHeader(row, error.scopes, options)
  return { status: row.status, headers }
}

/** The same as a response without a body. */
export function challengeResponse(error: unknown, options: ChallengeOptions = {}): Response {
  const { status, headers } = challenge(error, options)
  return new Response(null, { status, headers })
}

function authenticateHeader(row: Answer, missing: readonly string[], options: ChallengeOptions): string {
  const scopes = missing.length > 0 ? missing : (options.scopes ?? [])
  const parameters: [string, string][] = []
  if (options.realm !== undefined) parameters.push(['realm', options.realm])
  if (row.error !== undefined) parameters.push(['error', row.error], ['error_description', row.description])
  if (scopes.length > 0 && row.status !== 400) parameters.push(['scope', scopeText(scopes)])
  const list = parameters.map(([name, value]) => `${name}=${quoted(value)}`).join(', ')
  return list === '' ? 'Bearer' : `Bearer ${list}`
}

function scopeText(scopes: readonly string[]): string {
  const text = scopes.join(' ')
  if (isScope(text)) return text
  throw new VerifierError('verifier/options', 'Cannot write the challenge: a scope does not follow RFC 6749')
}

// RFC 9110 §5.6.4; what no quoted-string can hold is refused rather than dropped
function quoted(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text))
    throw new VerifierError(
      'verifier/options',
      'Cannot write the challenge: the realm is not printable ASCII',
    )
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`
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
    description: 'The DPoP proof is missing or not valid here',
  },
  'verifier/use-dpop-nonce': {
    status: 401,
    error: 'use_dpop_nonce',
    description: 'The DPoP proof needs the nonce of this answer',
  },
  'verifier/keys-unavailable': { status: 503, description: '' },
  'verifier/stale': { status: 503, description: '' },
  'verifier/freshness-unavailable': { status: 503, description: '' },
  'verifier/closed': { status: 503, description: '' },
  'verifier/options': null,
}

const defaultRetryAfter = 5
