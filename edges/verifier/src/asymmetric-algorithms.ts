import { isJwsAlgorithm, type JwsAlgorithm, jwsAlgorithms } from '@jotwarden/token'

/** The algorithms with a public key. A verifier shares no secret with whoever signs: who holds one could sign too. */
export const asymmetricAlgorithms: readonly JwsAlgorithm[] = [...jwsAlgorithms.values()]
  .filter((entry) => !entry.symmetric)
  .map((entry) => entry.alg)
  .filter(isJwsAlgorithm)
