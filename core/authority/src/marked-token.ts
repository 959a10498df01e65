import type { AccessClaims, MarkedToken } from '@jotwarden/policy'
import type { VerifiedToken } from '@jotwarden/token'

/** What marks are compared with, of an access token that was verified and allowed. */
export function markedToken(claims: AccessClaims, { key }: Pick<VerifiedToken, 'key'>): MarkedToken {
  const { iss, jti, sub, client_id, sid, login, rev } = claims
  return { iss, jti, sub, client_id, sid, login, rev, kid: key.kid }
}
