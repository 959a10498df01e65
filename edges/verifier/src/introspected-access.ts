import { type AccessClaims, decide, type Profile } from '@jotwarden/policy'
import type { Clock, JsonObject } from '@jotwarden/token'
import { introspectedClaims } from '@jotwarden/token/introspected-claims'
import { allowed } from './check-token.ts'

/** What an issuer has answered of a token, held against the same profile. Throws `verifier/invalid-token`. */
export function introspectedAccess(
  profile: Profile<'access'>,
  answer: JsonObject,
  clock: Clock,
): AccessClaims {
  // An answer has no header: it is taken for what the profile expects
  const said = { typ: profile.typ[0] ?? undefined, claims: introspectedClaims(answer) }
  return allowed(decide(said, profile, clock.now()))
}
