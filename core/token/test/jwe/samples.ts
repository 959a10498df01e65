import { createCipheriv, randomBytes } from 'node:crypto'
import {
  encodeBase64url,
  type PrivateJwk,
  type PublicJwk,
  parsePrivateJwk,
  publicJwkOf,
  type Random,
  Secret,
} from '@jotwarden/token'
import {
  type DecryptKey,
  type EncryptKey,
  importPassword,
  importPrivateDecryptKey,
  importPublicEncryptKey,
  importSharedKey,
  type JweAlgorithm,
  type JweEncryption,
} from '@jotwarden/token/jwe'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { bytesOf } from '../samples.ts'

/** Both halves of a key of ours, and what plain jose takes for the same key. */
export interface JweSample {
  readonly title: string
  readonly alg: JweAlgorithm
  readonly enc: JweEncryption
  readonly decrypt: DecryptKey
  readonly encrypt: EncryptKey
  readonly josePrivate: JWK | Uint8Array
  readonly josePublic: JWK | Uint8Array
}

export const systemRandom: Random = { bytes: (length) => Uint8Array.from(randomBytes(length)) }

export const ENCS: readonly (readonly [JweEncryption, number])[] = [
  ['A128GCM', 16],
  ['A192GCM', 24],
  ['A256GCM', 32],
  ['A128CBC-HS256', 32],
  ['A192CBC-HS384', 48],
  ['A256CBC-HS512', 64],
]
export const WRAPPERS: readonly (readonly [JweAlgorithm, number])[] = [
  ['A128KW', 16],
  ['A192KW', 24],
  ['A256KW', 32],
  ['A128GCMKW', 16],
  ['A192GCMKW', 24],
  ['A256GCMKW', 32],
]
export const AGREEMENTS: readonly JweAlgorithm[] = [
  'ECDH-ES',
  'ECDH-ES+A128KW',
  'ECDH-ES+A192KW',
  'ECDH-ES+A256KW',
]
export const CURVES: readonly string[] = ['P-256', 'P-384', 'P-521', 'X25519']

export function dirSample(enc: JweEncryption, length: number): JweSample {
  const bytes = bytesOf(`dir ${enc}`, length)
  const keys = importSharedKey(Secret.fromBytes(bytes), { alg: 'dir', encs: [enc], kid: 'dir' })
  return { title: `dir ${enc}`, alg: 'dir', enc, ...keys, josePrivate: bytes, josePublic: bytes }
}

export function wrapSample(alg: JweAlgorithm, length: number, enc: JweEncryption): JweSample {
  const bytes = bytesOf(alg, length)
  const keys = importSharedKey(Secret.fromBytes(bytes), { alg, encs: [enc], kid: 'wrap' })
  return { title: `${alg} ${enc}`, alg, enc, ...keys, josePrivate: bytes, josePublic: bytes }
}

export async function pairSample(alg: JweAlgorithm, crv: string, enc: JweEncryption): Promise<JweSample> {
  const jwk = await privateJwk(alg, crv)
  const josePublic = publicJwkOf(jwk)
  return {
    title: `${alg} ${crv} ${enc}`,
    alg,
    enc,
    decrypt: await importPrivateDecryptKey(jwk, { alg, encs: [enc] }),
    encrypt: await importPublicEncryptKey(josePublic, { alg, enc }),
    josePrivate: { ...mutable(jwk), alg },
    josePublic: { ...mutable(josePublic), alg },
  }
}

export function passwordSample(alg: JweAlgorithm, enc: JweEncryption): JweSample {
  const bytes = new TextEncoder().encode('a rather long pass phrase')
  const danger = { passwordBasedEncryption: true, maxCount: 1000 } as const
  const keys = importPassword(Secret.fromBytes(bytes), { alg, encs: [enc], danger })
  return { title: `${alg} ${enc}`, alg, enc, ...keys, josePrivate: bytes, josePublic: bytes }
}

/** One key pair of each kind: making RSA keys for each test would take most of the time. */
export async function privateJwk(alg: JweAlgorithm, crv: string): Promise<PrivateJwk> {
  const name = alg === 'RSA-OAEP-256' ? 'RSA' : crv
  const known = pairs.get(name) ?? newPair(alg, crv)
  pairs.set(name, known)
  return known
}

async function newPair(alg: JweAlgorithm, crv: string): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair(alg, {
    extractable: true,
    ...(alg === 'RSA-OAEP-256' ? { modulusLength: 2048 } : { crv }),
  })
  return parsePrivateJwk(await exportJWK(privateKey))
}

/** The type that jose asks for. */
function mutable(jwk: PublicJwk): JWK {
  const { key_ops: _, ...rest } = jwk
  return rest
}

/** A token of these very texts; segments are given as bytes. */
export function jweOf(header: unknown, ...segments: readonly Uint8Array[]): string {
  const json = typeof header === 'string' ? header : JSON.stringify(header)
  return [new TextEncoder().encode(json), ...segments].map(encodeBase64url).join('.')
}

/** A correctly sealed token under the key of `dirSample('A256GCM', 32)`, whatever its header says. */
export function sealedDirect(header: string, plaintext: Uint8Array | string = 'plaintext'): string {
  const iv = bytesOf('iv', 12)
  const cipher = createCipheriv('aes-256-gcm', bytesOf('dir A256GCM', 32), iv)
  cipher.setAAD(Buffer.from(Buffer.from(header, 'utf8').toString('base64url')))
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(plaintext as string)), cipher.final()])
  return jweOf(header, new Uint8Array(0), iv, ciphertext, cipher.getAuthTag())
}

/** The code of the error that the promise ends in; fails when there is none. */
export async function asyncCodeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String(error.code)
    throw error
  }
  throw new Error('nothing was refused')
}

const pairs: Map<string, Promise<PrivateJwk> | PrivateJwk> = new Map()
