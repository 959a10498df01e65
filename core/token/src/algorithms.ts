/** The JWS algorithms that are accepted; `none` does not exist here. */
export type JwsAlgorithm = 'ES256' | 'Ed25519' | 'RS256' | 'HS256'

/** Everything this package knows of one algorithm; supporting another one is one more row in the table. */
export interface AlgorithmEntry {
  readonly alg: JwsAlgorithm
  readonly kty: 'EC' | 'OKP' | 'RSA' | 'oct'
  readonly crv?: string
  /** How it is computed; the platform knows each. */
  readonly scheme: 'ecdsa' | 'eddsa' | 'rsa-pkcs1' | 'rsa-pss' | 'hmac'
  readonly hash?: 'SHA-256' | 'SHA-384' | 'SHA-512'
  readonly symmetric: boolean
  /** In bytes; `modulus` where the RSA key decides. */
  readonly signatureLength: number | 'modulus'
}

/** Whether the value names an algorithm of the table, compared case-sensitively (RFC 7515 §4.1.1). */
export function isJwsAlgorithm(x: unknown): x is JwsAlgorithm {
  return typeof x === 'string' && byName.has(x)
}

const rows: readonly AlgorithmEntry[] = [
  {
    alg: 'ES256',
    kty: 'EC',
    crv: 'P-256',
    scheme: 'ecdsa',
    hash: 'SHA-256',
    symmetric: false,
    signatureLength: 64,
  },
  { alg: 'Ed25519', kty: 'OKP', crv: 'Ed25519', scheme: 'eddsa', symmetric: false, signatureLength: 64 },
  {
    alg: 'RS256',
    kty: 'RSA',
    scheme: 'rsa-pkcs1',
    hash: 'SHA-256',
    symmetric: false,
    signatureLength: 'modulus',
  },
  { alg: 'HS256', kty: 'oct', scheme: 'hmac', hash: 'SHA-256', symmetric: true, signatureLength: 32 },
]

/** The one table of algorithms. */
export const jwsAlgorithms: ReadonlyMap<JwsAlgorithm, AlgorithmEntry> = new Map(
  rows.map((row) => [row.alg, row]),
)

const byName: ReadonlySet<string> = new Set(rows.map((row) => row.alg))
