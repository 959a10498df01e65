import type { AccessClaims } from '@jotwarden/policy'
import { VerifierError } from '../errors.ts'
import { refusedToken } from '../refused-token.ts'
import type { VerifyOptions } from '../revocation-source.ts'
import type { RevocationFeed } from './revocation-feed.ts'

/**
 * Refuses a token that was taken back, and any token when that can no longer be known. `kid` is of the key that has
 * verified it: a token that names none is not out of reach of a mark on its key.
 * Throws `verifier/invalid-token` or `verifier/stale`.
 */
export function enforce(
  feed: RevocationFeed,
  claims: AccessClaims,
  kid: string | undefined,
  { whenStale }: VerifyOptions,
): void {
  const { jti, sub, client_id, iss, sid, login, rev } = claims
  if (feed.refuses({ jti, sub, client_id, iss, kid, sid, login, rev }))
    throw refusedToken('revoked', 'it was taken back')
  if (whenStale !== 'allow') refuseWhenStale(feed)
}

/** Throws `verifier/stale`. */
export function refuseWhenStale(feed: RevocationFeed): void {
  if (!feed.isStale) return
  if (feed.refusedWith !== undefined) throw refusedCredential(feed.refusedWith)
  throw new VerifierError(
    'verifier/stale',
    'Cannot accept any token: what is known of revocations is older than allowed',
    { reason: feed.isUntold ? 'never-synced' : 'stale' },
  )
}

function refusedCredential(status: number): VerifierError {
  return new VerifierError(
    'verifier/stale',
    `Cannot follow revocations: the issuer refuses the credential with ${status}; check clientId and clientSecret, and that the client is registered with a resource`,
    { reason: 'credential-refused' },
  )
}
