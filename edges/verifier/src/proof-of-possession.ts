import type { RequestParts } from './request-parts.ts'

/** Checks that whoever sends a bound token holds the key that it is bound to (RFC 7800 §3). */
export interface ProofOfPossession {
  /** The member of `cnf` that it understands. */
  readonly confirmation: 'jkt' | 'x5t#S256'
  /** Refuses tokens that are bound to no key; of several ways of proof one suffices, and every one that a token names is checked. */
  readonly required: boolean
  /** The algorithms that a challenge offers (RFC 9449 §7.1); empty where proofs are not signed. */
  readonly algs: readonly string[]
  /**
   * Checks the proof in a request against the token and its thumbprint; `now` is in seconds since the epoch. Answers
   * headers for the response. Throws `verifier/invalid-dpop-proof`, `verifier/use-dpop-nonce` or
   * `verifier/invalid-token`.
   */
  check(
    request: RequestParts,
    token: string,
    thumbprint: string,
    now: number,
  ): Promise<Readonly<Record<string, string>>>
}
