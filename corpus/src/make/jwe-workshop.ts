import { Buffer } from 'node:buffer'
import {
  constants,
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto'
import type { Members, Workshop } from './workshop.ts'
import { segment } from './workshop.ts'

/** A JWE in its parts, each of which a case may bend before they are joined. */
export interface JweParts {
  readonly header: string
  readonly encryptedKey: Uint8Array
  readonly iv: Uint8Array
  readonly ciphertext: Uint8Array
  readonly tag: Uint8Array
}

/** Makes JWE byte for byte, by `node:crypto` alone: nothing that is tested here has a hand in it. */
export class JweWorkshop {
  readonly #shop: Workshop

  constructor(shop: Workshop) {
    this.#shop = shop
  }

  /** The header that a good token under that key has, with members added or replaced. */
  header(key: string, members: Members = {}): string {
    const { jwk, encs } = this.#key(key)
    return JSON.stringify({ alg: jwk.alg, enc: encs[0], typ: 'at+jwt', kid: jwk.kid, ...members })
  }

  /** Direct encryption of these bytes, whatever the header says. */
  direct(key: string, header: string, plaintext: string | Uint8Array): JweParts {
    const secret = Buffer.from(String(this.#key(key).jwk.k), 'base64url')
    if (key === 'enc-dir-cbc') return cbcSealed(header, secret, plaintext)
    return sealed(header, new Uint8Array(0), secret, plaintext)
  }

  /** With the content encryption key wrapped by AES Key Wrap. */
  wrapped(header: string, plaintext: string | Uint8Array, cek: Uint8Array = CEK): JweParts {
    const secret = Buffer.from(String(this.#key('enc-kw').jwk.k), 'base64url')
    // RFC 3394 §2.2.3.1: the vector that every key is wrapped with
    const cipher = createCipheriv('id-aes256-wrap', secret, Buffer.alloc(8, 0xa6))
    return sealed(header, Buffer.concat([cipher.update(cek), cipher.final()]), CEK, plaintext)
  }

  /** With the content encryption key wrapped by AES-GCM; the parameters come into the header. */
  gcmWrapped(members: Members, plaintext: string): JweParts {
    const secret = Buffer.from(String(this.#key('enc-gcmkw').jwk.k), 'base64url')
    const cipher = createCipheriv('aes-256-gcm', secret, KEY_IV)
    const encryptedKey = Buffer.concat([cipher.update(CEK), cipher.final()])
    const parameters = { iv: segment(KEY_IV), tag: segment(cipher.getAuthTag()) }
    return sealed(this.header('enc-gcmkw', { ...parameters, ...members }), encryptedKey, CEK, plaintext)
  }

  /** With an agreed key; the parameters come into the header. */
  agreed(key: 'enc-ecdh' | 'enc-x25519', members: Members, plaintext: string): JweParts {
    const ephemeral = this.#key(`${key}-ephemeral`)
    const { kty, crv, x, y } = ephemeral.jwk
    const epk = { kty, crv, x, ...(y === undefined ? {} : { y }) }
    const header = this.header(key, { epk, ...members })
    const privateKey = createPrivateKey({ key: { ...ephemeral.private } as never, format: 'jwk' })
    const secret = diffieHellman({ privateKey, publicKey: this.#publicKey(key) })
    const { apu, apv } = JSON.parse(header)
    return sealed(header, new Uint8Array(0), concatKdf(secret, 'A256GCM', apu, apv), plaintext)
  }

  /** With a content encryption key that RSA-OAEP encrypts, which is random and therefore kept. */
  rsa(header: string, plaintext: string, cek: Uint8Array = CEK, oaepHash = 'sha256'): JweParts {
    const key = this.#publicKey('enc-rsa')
    const make = (): Uint8Array =>
      publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, cek)
    const label = `oaep ${oaepHash} ${JSON.stringify(this.#key('enc-rsa').jwk)} ${segment(cek)}`
    return sealed(header, this.#shop.keep(label, make), CEK, plaintext)
  }

  #publicKey(name: string): KeyObject {
    const { kty, crv, x, y, n, e } = this.#key(name).jwk
    return createPublicKey({ key: { kty, crv, x, y, n, e } as never, format: 'jwk' })
  }

  #key(name: string): {
    readonly jwk: Members
    readonly private?: Members
    readonly encs: readonly string[]
  } {
    const key = this.#shop.keys[name]
    if (key?.encs === undefined) throw new Error(`Cannot encrypt: there is no key ${name}`)
    return { ...key, encs: key.encs }
  }
}

/** The compact form, with parts replaced. */
export function jwe(parts: JweParts, over: Partial<JweParts> = {}): string {
  const { header, encryptedKey, iv, ciphertext, tag } = { ...parts, ...over }
  return [header, encryptedKey, iv, ciphertext, tag].map(segment).join('.')
}

function sealed(
  header: string,
  encryptedKey: Uint8Array,
  cek: Uint8Array,
  plaintext: string | Uint8Array,
): JweParts {
  const cipher = createCipheriv('aes-256-gcm', cek, IV)
  cipher.setAAD(Buffer.from(segment(header)))
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(plaintext as string)), cipher.final()])
  return { header, encryptedKey, iv: IV, ciphertext, tag: cipher.getAuthTag() }
}

/** RFC 7518 §5.2.2.1. */
function cbcSealed(header: string, key: Uint8Array, plaintext: string | Uint8Array): JweParts {
  const iv = hashed('corpus cbc iv', 16)
  const cipher = createCipheriv('aes-128-cbc', key.subarray(16), iv)
  const ciphertext = Buffer.concat([cipher.update(Buffer.from(plaintext as string)), cipher.final()])
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(segment(header).length * 8))
  const mac = createHmac('sha256', key.subarray(0, 16))
  for (const part of [Buffer.from(segment(header)), iv, ciphertext, length]) mac.update(part)
  return { header, encryptedKey: new Uint8Array(0), iv, ciphertext, tag: mac.digest().subarray(0, 16) }
}

/** RFC 7518 §4.6.2, for keys of 256 bits, which one round gives. */
function concatKdf(secret: Uint8Array, algorithm: string, apu = '', apv = ''): Uint8Array {
  const field = (bytes: Uint8Array): Uint8Array => Buffer.concat([number(bytes.length), bytes])
  const info = [Buffer.from(algorithm), Buffer.from(apu, 'base64url'), Buffer.from(apv, 'base64url')]
  const hash = createHash('sha256').update(number(1)).update(secret)
  for (const part of info) hash.update(field(part))
  return hash.update(number(256)).digest()
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

function hashed(label: string, length: number): Buffer {
  return createHash('shake256', { outputLength: length }).update(label).digest()
}

const IV = hashed('corpus jwe iv', 12)
const KEY_IV = hashed('corpus jwe key iv', 12)
const CEK = hashed('corpus jwe cek', 32)
