import {
  constants,
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'

/** The algorithms that are compared, and how `node:crypto` alone signs and verifies by each. */
export type BenchAlgorithm = 'HS256' | 'RS256' | 'ES256' | 'Ed25519' | 'PS256' | 'ML-DSA-44'

export interface KeyPair {
  readonly alg: BenchAlgorithm
  readonly kid: string
  /** The same object twice where the key is a secret. */
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

/** A new key for an algorithm, made by `node:crypto`. */
export function keyPairFor(alg: BenchAlgorithm): KeyPair {
  return { alg, kid: `bench-${alg}`, ...pairs[alg]() }
}

/** The key set that an issuer with this one key publishes; `spelling` is another name of its algorithm. */
export function jwksOf(
  { alg, kid, publicKey }: KeyPair,
  spelling: string = alg,
): { readonly keys: readonly Record<string, unknown>[] } {
  return { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: spelling, kid, use: 'sig' }] }
}

/** A signature over the data by `node:crypto` alone. */
export function signedBy({ alg, privateKey: key }: KeyPair): (data: Buffer) => Buffer {
  if (alg === 'HS256') return (data) => createHmac('sha256', key).update(data).digest()
  const hash = hashes[alg]
  const input = { key, ...padded[alg] }
  return (data) => sign(hash, data, input)
}

/** The least that verifying can cost: `node:crypto` alone, every input prepared. */
export function verifiedBy({ alg, publicKey: key }: KeyPair): (data: Buffer, signature: Buffer) => boolean {
  if (alg === 'HS256')
    return (data, signature) => timingSafeEqual(createHmac('sha256', key).update(data).digest(), signature)
  const hash = hashes[alg]
  const input = { key, ...padded[alg] }
  return (data, signature) => verify(hash, data, input, signature)
}

type Keys = Pick<KeyPair, 'publicKey' | 'privateKey'>

const pairs: Readonly<Record<BenchAlgorithm, () => Keys>> = {
  HS256: () => {
    const key = createSecretKey(randomBytes(32))
    return { publicKey: key, privateKey: key }
  },
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  Ed25519: () => generateKeyPairSync('ed25519'),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'ML-DSA-44': () => generateKeyPairSync('ml-dsa-44'),
}

const hashes: Readonly<Record<Exclude<BenchAlgorithm, 'HS256'>, 'sha256' | null>> = {
  RS256: 'sha256',
  ES256: 'sha256',
  PS256: 'sha256',
  Ed25519: null,
  'ML-DSA-44': null,
}

const padded: Readonly<Record<Exclude<BenchAlgorithm, 'HS256'>, object>> = {
  RS256: {},
  ES256: { dsaEncoding: 'ieee-p1363' },
  PS256: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
  Ed25519: {},
  'ML-DSA-44': {},
}
