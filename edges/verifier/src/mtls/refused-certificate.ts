import { VerifierError, type VerifierReason } from '../errors.ts'

/** RFC 8705 §3: a certificate that does not match makes the token an invalid one. */
export function refusedCertificate(reason: VerifierReason, state: string): VerifierError {
  return new VerifierError('verifier/invalid-token', `Cannot accept the token: ${state}`, { reason })
}
