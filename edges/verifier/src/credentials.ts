import { VerifierError, type VerifierReason } from './errors.ts'
import type { RequestParts } from './request-parts.ts'

/** The authorization schemes by which an access token travels (RFC 6750 §2.1, RFC 9449 §7.1). */
export type Scheme = 'Bearer' | 'DPoP'

/** A token as it was presented. */
export interface Credentials {
  readonly scheme: Scheme
  readonly token: string
}

/**
 * Takes the access token out of a request: exactly one `Authorization` header, one of these schemes in any case.
 * A token in the query is refused even beside a good header; one in the body is not looked for.
 * Throws `verifier/no-credentials`, `verifier/unsupported-scheme` or `verifier/invalid-request`.
 * Source: RFC 6750 §2.1, §2.3; RFC 9449 §7.1.
 */
export function presentedCredentials(request: RequestParts, schemes: readonly Scheme[]): Credentials {
  if (request.url.includes('?') && queryOf(request.url).has('access_token'))
    throw invalidRequest('token-in-query', 'its token is in the URL')
  const [authorization, ...others] = request.headers('authorization')
  if (authorization === undefined)
    throw new VerifierError(
      'verifier/no-credentials',
      'Cannot authenticate the request: it has no Authorization header',
    )
  if (others.length > 0)
    throw invalidRequest('malformed-authorization', 'it has more than one Authorization header')
  const [, name = '', token = ''] = credentials.exec(authorization) ?? []
  if (name === '') throw invalidRequest('malformed-authorization', 'its Authorization header names no scheme')
  const scheme = schemes.find((one) => one.toLowerCase() === name.toLowerCase())
  if (scheme === undefined)
    throw new VerifierError(
      'verifier/unsupported-scheme',
      `Cannot authenticate the request: its Authorization scheme is not ${schemes.join(' or ')}`,
    )
  // Two headers may arrive joined by a comma, which no token68 holds
  if (!token68.test(token))
    throw invalidRequest('malformed-authorization', 'its Authorization header holds no single token')
  return { scheme, token }
}

/** Whoever sends a request may write a Host header of which no URL can be made. */
function queryOf(url: string): URLSearchParams {
  const parsed = URL.parse(url)
  if (parsed === null) throw invalidRequest(undefined, 'its URL is none')
  return parsed.searchParams
}

function invalidRequest(reason: VerifierReason | undefined, state: string): VerifierError {
  return new VerifierError('verifier/invalid-request', `Cannot authenticate the request: ${state}`, {
    ...(reason === undefined ? {} : { reason }),
  })
}

// RFC 9110 §11.4: auth-scheme [ 1*SP token68 ]
const credentials = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: +(.*))?$/s
const token68 = /^[A-Za-z0-9\-._~+/]+=*$/
