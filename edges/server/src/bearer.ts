import { AuthorityError } from '@jotwarden/authority'

/**
 * The token of an `Authorization: Bearer` header (RFC 6750 §2.1); undefined when the header is absent or of another
 * scheme. Throws `oauth/invalid_request` when the scheme is Bearer and what follows is not one token.
 */
export function bearerToken(authorization: string | null): string | undefined {
  if (authorization === null || !SCHEME.test(authorization)) return undefined
  const token = CREDENTIALS.exec(authorization)?.[1]
  if (token !== undefined) return token
  throw new AuthorityError(
    'oauth/invalid_request',
    'Cannot read the request: its Authorization header is malformed',
  )
}

const SCHEME = /^bearer(?: |$)/i
const CREDENTIALS = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i
