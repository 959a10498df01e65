import { VerifierError, type VerifierReason } from './errors.ts'

/** The error for a token that is not accepted: why, for programs, and in words for the log. */
export function refusedToken(reason: VerifierReason, state: string): VerifierError {
  return new VerifierError('verifier/invalid-token', `Cannot accept the token: ${state}`, { reason })
}
