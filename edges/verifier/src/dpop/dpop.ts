import { type Decision, decide, type Profile, type ReplayStore } from '@jotwarden/policy'
import { sha256Base64url, type VerifiedClaims } from '@jotwarden/token'
import { VerifierError, type VerifierReason } from '../errors.ts'
import type { ProofOfPossession } from '../proof-of-possession.ts'
import type { RequestParts } from '../request-parts.ts'
import { isSameText } from '../same-text.ts'
import { type CheckedDpop, checkDpop, type DpopOptions } from './dpop-options.ts'
import { Nonces } from './nonces.ts'
import { invalidProof, soleProof, verifiedProof } from './proof.ts'
import { normalTarget } from './target-uri.ts'

/**
 * Takes DPoP-bound tokens (RFC 9449 §7): each request proves anew that its sender holds the key of the token's
 * `cnf.jkt`, with a proof for this method, URI and token, that is fresh, carries a nonce of ours and was not used before.
 * Pass it as the option `dpop` of a verifier; several verifiers may share one. Throws `verifier/options`.
 *
 * What `dpop()` makes is strict, and complete for one process. Several processes behind one name need a `replay` store
 * that they share, and a `nonce.secret` that all of them have.
 */
export function dpop(options: DpopOptions = {}): ProofOfPossession {
  const checked = checkDpop(options)
  const nonces = checked.nonce === null ? null : new Nonces(checked.nonce)
  return Object.freeze({
    confirmation: 'jkt',
    required: checked.required,
    algs: checked.algorithms,
    check: (request: RequestParts, token: string, thumbprint: string, now: number) =>
      checkProof({ ...checked, nonces }, request, token, thumbprint, now),
  })
}

interface Parts extends CheckedDpop {
  readonly nonces: Nonces | null
}

/** The list of RFC 9449 §4.3 and §7; what is remembered of a proof comes last, when nothing else speaks against it. */
async function checkProof(
  { algorithms, profile, origin, nonces, replay }: Parts,
  request: RequestParts,
  token: string,
  thumbprint: string,
  now: number,
): Promise<Readonly<Record<string, string>>> {
  const proof = await verifiedProof(soleProof(request), algorithms, thumbprint)
  const claims = allowed(decide(proof, profile, now))
  if (claims.htm !== request.method) throw invalidProof('wrong-method', 'it is for another method')
  if (!isTarget(claims.htu, request.url, origin)) throw invalidProof('wrong-uri', 'it is for another URI')
  if (!isSameText(textOf(claims.ath), await sha256Base64url(new TextEncoder().encode(token))))
    throw invalidProof('wrong-token', 'it is for another token, or for none')
  const responseHeaders = (await nonces?.check(claims.nonce, now)) ?? {}
  await rememberOnce(replay, thumbprint, claims, profile, now)
  return responseHeaders
}

/** RFC 9449 §4.3 number 9: query and fragment are ignored; the rest is compared as RFC 3986 §6.2.2 and §6.2.3 say. */
function isTarget(htu: unknown, url: string, origin: string | undefined): boolean {
  const named = normalTarget(textOf(htu))
  return named !== undefined && named === normalTarget(url, origin)
}

/** RFC 9449 §11.1. The key of the proof is in what is remembered: no client can use up the `jti` of another. */
async function rememberOnce(
  replay: ReplayStore,
  jkt: string,
  { jti, iat }: VerifiedClaims,
  { longestLifetime, skew }: Profile,
  now: number,
): Promise<void> {
  const key = await sha256Base64url(new TextEncoder().encode(`${jkt}.${textOf(jti)}`))
  const until = Number(iat) + longestLifetime + skew
  if (!(await asked(replay, key, until, now))) throw invalidProof('replayed', 'it was used before')
}

async function asked(replay: ReplayStore, key: string, until: number, now: number): Promise<boolean> {
  try {
    // Anything but true is no promise that the proof is new
    return (await replay.remember(key, until, now)) === true
  } catch (cause) {
    if (cause instanceof VerifierError) throw cause
    throw new VerifierError(
      'verifier/replay-unavailable',
      'Cannot tell whether the DPoP proof was used before: the replay store does not answer',
      { reason: 'replay-store', retryAfter: 1, cause },
    )
  }
}

function allowed(decision: Decision): VerifiedClaims {
  if (decision.allow) return decision.claims
  throw invalidProof(decision.reason satisfies VerifierReason, `policy says ${decision.reason}`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
