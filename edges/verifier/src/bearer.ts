import { VerifierError, type VerifierReason } from './errors.ts'

/**
 * Takes the bearer token out of a request: exactly one `Authorization` header, scheme `Bearer` in any case.
 * A token in the query is refused even beside a good header; one in the body is not looked for.
 * Throws `verifier/no-credentials`, `verifier/unsupported-scheme` or `verifier/invalid-request`.
 * Source: RFC 6750 §2.1, §2.3.
 */
export function bearerToken(request: Request): string {
  if (request.url.includes('?') && new URL(request.url).searchParams.has('access_token'))
    throw invalidRequest('token-in-query', 'its token is in the URL')
  const authorization = request.headers.get('authorization')
  if (authorization === null)
    throw new VerifierError(
      'verifier/no-credentials',
      'Cannot authenticate the request: it has no Authorization header',
    )
  const [, scheme = '', rest = ''] = credentials.exec(authorization) ?? []
  if (scheme === '')
    throw invalidRequest('malformed-authorization', 'its Authorization header names no scheme')
  if (scheme.toLowerCase() !== 'bearer')
    throw new VerifierError(
      'verifier/unsupported-scheme',
      'Cannot authenticate the request: its Authorization scheme is not Bearer',
    )
  // Two headers arrive joined by a comma, which no b64token holds
  if (!b64token.test(rest))
    throw invalidRequest('malformed-authorization', 'its Authorization header holds no single token')
  return rest
}

function invalidRequest(reason: VerifierReason, state: string): VerifierError {
  return new VerifierError('verifier/invalid-request', `Cannot authenticate the request: ${state}`, {
    reason,
  })
}

// RFC 9110 §11.4: auth-scheme [ 1*SP token68 ]
const credentials = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?: +(.*))?$/s
const b64token = /^[A-Za-z0-9\-._~+/]+=*$/
