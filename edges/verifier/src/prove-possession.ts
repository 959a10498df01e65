import type { Confirmation } from '@jotwarden/policy'
import type { AuthContext } from './auth-context.ts'
import type { Credentials } from './credentials.ts'
import type { VerifierError } from './errors.ts'
import type { ProofOfPossession } from './proof-of-possession.ts'
import { refusedToken } from './refused-token.ts'
import type { RequestParts } from './request-parts.ts'

/** The ways of proof that a verifier takes. */
export interface Proofs {
  readonly dpop?: ProofOfPossession
  readonly mtls?: ProofOfPossession
}

/** What a request has proved beside its token. */
export interface Proven {
  readonly confirmation: AuthContext['confirmation']
  readonly responseHeaders: Readonly<Record<string, string>>
}

/**
 * Refuses a token that needs a proof where no request is at hand: without its proof a bound token is a stolen one
 * (RFC 9449 §7.1). Throws `verifier/invalid-token`.
 */
export function refuseUnproven(cnf: Confirmation | undefined, { dpop, mtls }: Proofs): void {
  if (cnf !== undefined) throw uncheckable()
  if (dpop?.required || mtls?.required) throw refusedToken('not-sender-constrained', 'it is bound to no key')
}

/**
 * Checks every proof that the token asks for, and that its scheme fits: DPoP with a token bound to a DPoP key, and with
 * no other (RFC 9449 §7.1). Throws `verifier/invalid-token` and what the proofs throw.
 */
export async function provePossession(
  request: RequestParts,
  { scheme, token }: Credentials,
  cnf: Confirmation | undefined,
  proofs: Proofs,
  now: number,
): Promise<Proven> {
  if (cnf?.jkt !== undefined && proofs.dpop === undefined) throw uncheckable()
  if ((cnf?.jkt !== undefined) !== (scheme === 'DPoP'))
    throw refusedToken('wrong-scheme', 'it does not belong under its Authorization scheme')
  if (confirmationOf(cnf) === undefined) refuseUnproven(cnf, proofs)
  let responseHeaders: Readonly<Record<string, string>> = {}
  for (const [member, proof] of [
    ['jkt', proofs.dpop],
    ['x5t#S256', proofs.mtls],
  ] as const) {
    const thumbprint = cnf?.[member]
    if (thumbprint === undefined) continue
    if (proof === undefined) throw uncheckable()
    responseHeaders = { ...responseHeaders, ...(await proof.check(request, token, thumbprint, now)) }
  }
  return { confirmation: confirmationOf(cnf), responseHeaders: Object.freeze(responseHeaders) }
}

function confirmationOf(cnf: Confirmation | undefined): AuthContext['confirmation'] {
  if (cnf?.jkt !== undefined) return Object.freeze({ type: 'dpop', thumbprint: cnf.jkt })
  const thumbprint = cnf?.['x5t#S256']
  return thumbprint === undefined ? undefined : Object.freeze({ type: 'mtls', thumbprint })
}

function uncheckable(): VerifierError {
  return refusedToken('sender-constrained', 'it is bound to a key whose proof cannot be checked here')
}
