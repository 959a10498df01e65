import { Buffer } from 'node:buffer'
import { createHash, generateKeyPairSync } from 'node:crypto'
import {
  encodeBase64url,
  generateKeyPair,
  importSecretKey,
  importSignKey,
  importVerifyKey,
  type JwsAlgorithm,
  type PairAlgorithm,
  type PrivateJwk,
  type PublicJwk,
  parsePrivateJwk,
  publicJwkOf,
  Secret,
  type SecretAlgorithm,
  type Signer,
  signerOf,
  TokenError,
  type TokenErrorCode,
  type VerifyKey,
} from '@jotwarden/token'

/** A key of ours in both halves. */
export interface KeySample {
  readonly alg: JwsAlgorithm
  readonly kid: string
  readonly signer: Signer
  readonly verifyKey: VerifyKey
}

export interface KeyPairSample extends KeySample {
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
}

/** Stands in every token and key id that must not show up in an error. */
export const CANARY = 'canary-5d41'

export function keyPairSample(alg: PairAlgorithm, kid: string): KeyPairSample {
  const privateJwk: PrivateJwk = { ...generated(alg), kid, alg }
  return pairOf(alg, kid, privateJwk)
}

export function secretSample(bytes: Uint8Array, kid: string, alg: SecretAlgorithm = 'HS256'): KeySample {
  const { verify, sign } = importSecretKey(Secret.fromBytes(bytes), { alg, kid })
  return { alg, kid, signer: signerOf(sign), verifyKey: verify }
}

/** Bytes that look random and are the same in every run. */
export function bytesOf(label: string, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, at) =>
    createHash('sha256').update(`${label} ${at}`).digest(),
  )
  return Uint8Array.from(Buffer.concat(blocks).subarray(0, length))
}

/** The base64url of text or bytes. */
export function segment(content: string | Uint8Array): string {
  return encodeBase64url(typeof content === 'string' ? Buffer.from(content, 'utf8') : content)
}

/** Signs two segments just as they are written, however odd. */
export function signedSegments(header: string, payload: string, sample: KeySample): string {
  const signature = sample.signer.sign(Buffer.from(`${header}.${payload}`, 'utf8'))
  if (!(signature instanceof Uint8Array)) throw new TypeError('a key in memory signs at once')
  return `${header}.${payload}.${encodeBase64url(signature)}`
}

/** A correctly signed token with these very texts as header and payload. */
export function signedTexts(
  header: string | Uint8Array,
  payload: string | Uint8Array,
  sample: KeySample,
): string {
  return signedSegments(segment(header), segment(payload), sample)
}

/** A correctly signed token of a good form, with members added to its header. */
export function signedToken(sample: KeySample, extra: Readonly<Record<string, unknown>> = {}): string {
  const header = { alg: sample.alg, typ: 'JWT', kid: sample.kid, ...extra }
  return signedTexts(JSON.stringify(header), PAYLOAD, sample)
}

/** The error that the act ends in; fails when there is none or one of another class. */
export function refusalOf(act: () => unknown): TokenError {
  try {
    act()
  } catch (error) {
    if (error instanceof TokenError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

export function codeOf(act: () => unknown): TokenErrorCode {
  return refusalOf(act).code
}

function generated(alg: PairAlgorithm): PrivateJwk {
  if (!/^[RP]S/.test(alg)) return generateKeyPair(alg).privateJwk
  // 2048 bits, because a key of 3072 takes too long to make in every test file.
  return parsePrivateJwk(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  )
}

function pairOf(alg: JwsAlgorithm, kid: string, privateJwk: PrivateJwk): KeyPairSample {
  const publicJwk = publicJwkOf(privateJwk)
  const signer = signerOf(importSignKey(privateJwk))
  return { alg, kid, privateJwk, publicJwk, signer, verifyKey: importVerifyKey(publicJwk) }
}

export const PAYLOAD: string = JSON.stringify({
  iss: 'https://issuer.example',
  sub: CANARY,
  exp: 2_000_000_000,
})
export const es256: KeyPairSample = keyPairSample('ES256', `${CANARY}-es`)
export const ed25519: KeyPairSample = keyPairSample('Ed25519', `${CANARY}-ed`)
export const rs256: KeyPairSample = keyPairSample('RS256', `${CANARY}-rs`)
export const hs256: KeySample = secretSample(bytesOf('hs256', 32), `${CANARY}-hs`)
export const everySample: readonly KeySample[] = [es256, ed25519, rs256, hs256]
/** One for each algorithm of the table. The RSA ones share their numbers, since new ones take long to make. */
export const everyAlgorithm: readonly KeySample[] = [
  ...everySample,
  ...(['ES384', 'ES512', 'ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const).map((alg) =>
    keyPairSample(alg, `${CANARY}-${alg}`),
  ),
  ...(['RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const).map((alg) =>
    pairOf(alg, `${CANARY}-${alg}`, { ...rs256.privateJwk, kid: `${CANARY}-${alg}`, alg }),
  ),
  secretSample(bytesOf('hs384', 48), `${CANARY}-hs384`, 'HS384'),
  secretSample(bytesOf('hs512', 64), `${CANARY}-hs512`, 'HS512'),
]
