import { AuthorityError } from './errors.ts'
import { hasSha256 } from './sha256.ts'

/** Checks the challenge of an authorization request: S256 or nothing (RFC 7636 §4.3; RFC 9700 §2.1.1). */
export function checkChallenge(challenge: string | undefined, method: string | undefined): string {
  if (challenge === undefined) throw refusal('code_challenge is missing (RFC 7636 §4.4.1)')
  if (method !== 'S256') throw refusal('code_challenge_method must be S256')
  if (!CHALLENGE.test(challenge)) throw refusal('code_challenge is not a SHA-256 in base64url')
  return challenge
}

/** Checks the verifier against the challenge (RFC 7636 §4.6). Throws `oauth/invalid_request` or `oauth/invalid_grant`. */
export function checkVerifier(verifier: string | undefined, challenge: string): void {
  if (verifier === undefined) throw refusal('code_verifier is missing')
  if (!VERIFIER.test(verifier)) throw refusal('code_verifier is malformed (RFC 7636 §4.1)')
  if (!hasSha256(verifier, challenge)) {
    throw new AuthorityError('oauth/invalid_grant', 'Cannot redeem the code: the verifier does not match')
  }
}

function refusal(reason: string): AuthorityError {
  return new AuthorityError('oauth/invalid_request', `Cannot accept the request: ${reason}`)
}

/** 32 bytes: 43 characters, the last of which carries 4 bits. */
const CHALLENGE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/
const VERIFIER = /^[A-Za-z0-9\-._~]{43,128}$/
