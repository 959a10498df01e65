/**
 * The JWS algorithms that are accepted (RFC 7518 §3.1, RFC 9864, RFC 9964); `none` does not exist here. ES256K and Ed448
 * are left out: few platforms have them, and nobody needs them who has ES256 and Ed25519.
 */
export type JwsAlgorithm =
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'Ed25519'
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ML-DSA-44'
  | 'ML-DSA-65'
  | 'ML-DSA-87'
  | SecretAlgorithm

/** The algorithms of a shared secret. */
export type SecretAlgorithm = 'HS256' | 'HS384' | 'HS512'

/** What a key may verify: also the older name of Ed25519, which RFC 9864 deprecates, for who accepts it explicitly. */
export type VerifyAlgorithm = JwsAlgorithm | 'EdDSA'

/** Everything this package knows of one algorithm; supporting another one is one more row in the table. */
export interface AlgorithmEntry<Alg extends VerifyAlgorithm = JwsAlgorithm> {
  readonly alg: Alg
  readonly kty: 'EC' | 'OKP' | 'RSA' | 'oct' | 'AKP'
  readonly crv?: string
  /** How it is computed; the platform knows each. */
  readonly scheme: 'ecdsa' | 'eddsa' | 'rsa-pkcs1' | 'rsa-pss' | 'hmac' | 'ml-dsa'
  readonly hash?: Hash
  readonly symmetric: boolean
  /** In bytes; `modulus` where the RSA key decides. */
  readonly signatureLength: number | 'modulus'
  /** In bytes, of `x`, `y` and `d`, or of `pub`. */
  readonly keyLength?: number
}

type Hash = 'SHA-256' | 'SHA-384' | 'SHA-512'

/** Whether an algorithm is one of a shared secret. */
export function isSecretAlgorithm(alg: VerifyAlgorithm): alg is SecretAlgorithm {
  return alg.startsWith('HS')
}

/** Whether the value names an algorithm of the table, compared case-sensitively (RFC 7515 §4.1.1). */
export function isJwsAlgorithm(x: unknown): x is JwsAlgorithm {
  return typeof x === 'string' && byName.has(x)
}

function ecdsa(alg: JwsAlgorithm, crv: string, hash: Hash, keyLength: number): AlgorithmEntry {
  // R‖S of fixed length (RFC 7518 §3.4)
  const signatureLength = 2 * keyLength
  return { alg, kty: 'EC', crv, scheme: 'ecdsa', hash, symmetric: false, signatureLength, keyLength }
}

function eddsa<Alg extends VerifyAlgorithm>(alg: Alg): AlgorithmEntry<Alg> {
  const lengths = { signatureLength: 64, keyLength: 32 }
  return { alg, kty: 'OKP', crv: 'Ed25519', scheme: 'eddsa', symmetric: false, ...lengths }
}

function rsa(alg: JwsAlgorithm, scheme: 'rsa-pkcs1' | 'rsa-pss', hash: Hash): AlgorithmEntry {
  return { alg, kty: 'RSA', scheme, hash, symmetric: false, signatureLength: 'modulus' }
}

function hmac(alg: SecretAlgorithm, hash: Hash, signatureLength: number): AlgorithmEntry {
  return { alg, kty: 'oct', scheme: 'hmac', hash, symmetric: true, signatureLength }
}

function mlDsa(alg: JwsAlgorithm, signatureLength: number, keyLength: number): AlgorithmEntry {
  return { alg, kty: 'AKP', scheme: 'ml-dsa', symmetric: false, signatureLength, keyLength }
}

const rows: readonly AlgorithmEntry[] = [
  ecdsa('ES256', 'P-256', 'SHA-256', 32),
  ecdsa('ES384', 'P-384', 'SHA-384', 48),
  ecdsa('ES512', 'P-521', 'SHA-512', 66),
  eddsa('Ed25519'),
  rsa('RS256', 'rsa-pkcs1', 'SHA-256'),
  rsa('RS384', 'rsa-pkcs1', 'SHA-384'),
  rsa('RS512', 'rsa-pkcs1', 'SHA-512'),
  rsa('PS256', 'rsa-pss', 'SHA-256'),
  rsa('PS384', 'rsa-pss', 'SHA-384'),
  rsa('PS512', 'rsa-pss', 'SHA-512'),
  // FIPS 204, table 2
  mlDsa('ML-DSA-44', 2420, 1312),
  mlDsa('ML-DSA-65', 3309, 1952),
  mlDsa('ML-DSA-87', 4627, 2592),
  hmac('HS256', 'SHA-256', 32),
  hmac('HS384', 'SHA-384', 48),
  hmac('HS512', 'SHA-512', 64),
]

/** The one table of algorithms. */
export const jwsAlgorithms: ReadonlyMap<JwsAlgorithm, AlgorithmEntry> = new Map(
  rows.map((row) => [row.alg, row]),
)
const byName: ReadonlyMap<string, AlgorithmEntry> = jwsAlgorithms

/** Not in the table: only a key that was imported with `acceptEdDSA` has it (RFC 9864 §2.2). */
export const eddsaEntry: AlgorithmEntry<'EdDSA'> = eddsa('EdDSA')
