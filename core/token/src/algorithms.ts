/** The JWS algorithms that are understood (RFC 7518 §3.1, RFC 9864 §2.2). Everything else is an error. */
export type JwsAlgorithm = 'ES256' | 'Ed25519' | 'RS256' | 'HS256'

/** All that is known of an algorithm; below this table nothing switches on a name. */
export interface AlgorithmEntry {
  readonly alg: JwsAlgorithm
  readonly kty: 'EC' | 'OKP' | 'RSA' | 'oct'
  /** The one curve it goes with. */
  readonly crv: 'P-256' | 'Ed25519' | null
  readonly symmetric: boolean
  /** Digest name for `node:crypto`; null where the scheme has its own. */
  readonly digest: 'sha256' | null
  /** Signature length in bytes; null where the key decides (RSA: the modulus). */
  readonly signatureLength: number | null
}

export const jwsAlgorithms: ReadonlyMap<JwsAlgorithm, AlgorithmEntry> = new Map<JwsAlgorithm, AlgorithmEntry>(
  [
    [
      'ES256',
      { alg: 'ES256', kty: 'EC', crv: 'P-256', symmetric: false, digest: 'sha256', signatureLength: 64 },
    ],
    [
      'Ed25519',
      { alg: 'Ed25519', kty: 'OKP', crv: 'Ed25519', symmetric: false, digest: null, signatureLength: 64 },
    ],
    [
      'RS256',
      { alg: 'RS256', kty: 'RSA', crv: null, symmetric: false, digest: 'sha256', signatureLength: null },
    ],
    [
      'HS256',
      { alg: 'HS256', kty: 'oct', crv: null, symmetric: true, digest: 'sha256', signatureLength: 32 },
    ],
  ],
)

export function isJwsAlgorithm(name: unknown): name is JwsAlgorithm {
  return typeof name === 'string' && (jwsAlgorithms as ReadonlyMap<string, AlgorithmEntry>).has(name)
}

export function algorithmEntry(alg: JwsAlgorithm): AlgorithmEntry {
  const entry = jwsAlgorithms.get(alg)
  if (entry === undefined) throw new TypeError('unreachable: the table holds every JwsAlgorithm')
  return entry
}
