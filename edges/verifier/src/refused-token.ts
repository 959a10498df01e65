import { TokenError } from '@jotwarden/token'
import { VerifierError, type VerifierReason } from './errors.ts'

/** The error for a token that is not accepted: why, for programs, and in words for the log. */
export function refusedToken(reason: VerifierReason, state: string): VerifierError {
  return new VerifierError('verifier/invalid-token', `Cannot accept the token: ${state}`, { reason })
}

/** What a token did wrong, as an error of this package; anything else stays what it is. */
export function asRefusal(cause: unknown): unknown {
  if (!(cause instanceof TokenError)) return cause
  return new VerifierError('verifier/invalid-token', cause.message, { reason: cause.code, cause })
}
