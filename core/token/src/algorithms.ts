import type { Buffer } from 'node:buffer'
import {
  createHmac,
  type KeyObject,
  type SignKeyObjectInput,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'

/** The JWS algorithms that are accepted; `none` does not exist here. */
export type JwsAlgorithm = 'ES256' | 'Ed25519' | 'RS256' | 'HS256'

/** Everything this package knows of one algorithm; supporting another one is one more row in the table. */
export interface AlgorithmEntry {
  readonly alg: JwsAlgorithm
  readonly kty: 'EC' | 'OKP' | 'RSA' | 'oct'
  readonly crv?: string
  readonly symmetric: boolean
  /** In bytes; `modulus` where the RSA key decides. */
  readonly signatureLength: number | 'modulus'
  sign(data: Uint8Array, key: KeyObject): Uint8Array
  /** The same on the thread pool, where the arithmetic is worth the way there; undefined where it is not. */
  readonly signInPool?: (data: Uint8Array, key: KeyObject) => Promise<Uint8Array>
  verify(data: Uint8Array, key: KeyObject, signature: Uint8Array): boolean
}

/** Whether the value names an algorithm of the table, compared case-sensitively (RFC 7515 §4.1.1). */
export function isJwsAlgorithm(x: unknown): x is JwsAlgorithm {
  return typeof x === 'string' && byName.has(x)
}

function ecdsa(alg: JwsAlgorithm, crv: string, hash: string, signatureLength: number): AlgorithmEntry {
  // R‖S of fixed length (RFC 7518 §3.4); OpenSSL refuses r and s outside [1, n-1].
  return {
    alg,
    kty: 'EC',
    crv,
    symmetric: false,
    signatureLength,
    sign: (data, key) => sign(hash, data, { key, dsaEncoding: 'ieee-p1363' }),
    signInPool: (data, key) => pooled(hash, data, { key, dsaEncoding: 'ieee-p1363' }),
    verify: (data, key, signature) => verify(hash, data, { key, dsaEncoding: 'ieee-p1363' }, signature),
  }
}

function eddsa(alg: JwsAlgorithm, crv: string, signatureLength: number): AlgorithmEntry {
  return {
    alg,
    kty: 'OKP',
    crv,
    symmetric: false,
    signatureLength,
    sign: (data, key) => sign(null, data, key),
    signInPool: (data, key) => pooled(null, data, { key }),
    verify: (data, key, signature) => verify(null, data, key, signature),
  }
}

function rsaPkcs1(alg: JwsAlgorithm, hash: string): AlgorithmEntry {
  return {
    alg,
    kty: 'RSA',
    symmetric: false,
    signatureLength: 'modulus',
    sign: (data, key) => sign(hash, data, key),
    signInPool: (data, key) => pooled(hash, data, { key }),
    verify: (data, key, signature) => verify(hash, data, key, signature),
  }
}

function pooled(hash: string | null, data: Uint8Array, key: SignKeyObjectInput): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    sign(hash, data, key, (error, signature) => (error === null ? resolve(signature) : reject(error)))
  })
}

function hmac(alg: JwsAlgorithm, hash: string, signatureLength: number): AlgorithmEntry {
  const tag = (data: Uint8Array, key: KeyObject): Buffer => createHmac(hash, key).update(data).digest()
  return {
    alg,
    kty: 'oct',
    symmetric: true,
    signatureLength,
    sign: tag,
    verify: (data, key, signature) =>
      signature.length === signatureLength && timingSafeEqual(tag(data, key), signature),
  }
}

const rows: readonly AlgorithmEntry[] = [
  ecdsa('ES256', 'P-256', 'sha256', 64),
  eddsa('Ed25519', 'Ed25519', 64),
  rsaPkcs1('RS256', 'sha256'),
  hmac('HS256', 'sha256', 32),
]

/** The one table of algorithms. */
export const jwsAlgorithms: ReadonlyMap<JwsAlgorithm, AlgorithmEntry> = new Map(
  rows.map((row) => [row.alg, row]),
)

const byName: ReadonlySet<string> = new Set(rows.map((row) => row.alg))
