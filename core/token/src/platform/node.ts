import { Buffer, isUtf8 } from 'node:buffer'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  timingSafeEqual,
  type VerifyKeyObjectInput,
  verify,
} from 'node:crypto'
import type { KeyMembers } from '../jwk.ts'
import { textMacOf } from './node-hmac.ts'
import { isEncodingOf, scratch, scratchBytes } from './node-scratch.ts'
import {
  type Aead,
  GENERATED_MODULUS,
  type Mac,
  type Row,
  type SecretHalves,
  type SignatureCheck,
  type SignatureMaker,
} from './platform.ts'

export const synchronous: boolean = true

export function asciiBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

export function utf8Bytes(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

export function utf8Text(bytes: Uint8Array): string | undefined {
  return isUtf8(bytes) ? view(bytes).toString('utf8') : undefined
}

export function base64urlText(bytes: Uint8Array): string {
  return view(bytes).toString('base64url')
}

export function base64urlOfText(text: string): string {
  // A character takes three bytes at most
  if (text.length * 3 > scratch.length) return base64urlText(utf8Bytes(text))
  return scratch.base64urlSlice(0, scratch.utf8Write(text, 0, scratch.length))
}

export function base64urlBytes(text: string): Uint8Array {
  return Buffer.from(text, 'base64url')
}

export function quickText(base64url: string): string | undefined {
  if (base64url.length > scratch.length) return undefined
  const length = scratch.base64urlWrite(base64url, 0, scratch.length)
  if (!isEncodingOf(base64url, 0, length)) return undefined
  const text = scratch.utf8Slice(0, length)
  return text.includes(REPLACEMENT) ? undefined : text
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

export function importPublic(entry: Row, jwk: KeyMembers): SignatureCheck {
  return checkOf(entry, createPublicKey({ key: { ...jwk }, format: 'jwk' }))
}

export function importPrivate(entry: Row, jwk: KeyMembers): SignatureMaker {
  const key = keyInput(entry, createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
  const hash = hashOf(entry)
  return {
    sign: (data) => sign(hash, data, key),
    signAsync: (data) =>
      new Promise((resolve, reject) => {
        sign(hash, data, key, (error, signature) => (error === null ? resolve(signature) : reject(error)))
      }),
  }
}

export function importSecret(entry: Row, bytes: Uint8Array): SecretHalves {
  const key = createSecretKey(bytes)
  const hash = hashOf(entry) ?? 'sha256'
  const tag = (data: Uint8Array): Buffer => createHmac(hash, key).update(data).digest()
  const textMac = textMacOf(hash, hash === 'sha256' ? 64 : 128, bytes)
  const verify = (data: Uint8Array, signature: Uint8Array): boolean => sameBytes(tag(data), signature)
  const verifyText = (token: string, inputEnd: number): boolean =>
    endsWithText(token, inputEnd + 1, textMac(token, inputEnd))
  return { check: { verify, verifyText, verifyAsync: verify }, maker: { sign: tag, signAsync: tag } }
}

export function macOf(bytes: Uint8Array): Mac {
  const key = createSecretKey(bytes)
  return (...parts) => {
    const mac = createHmac('sha256', key)
    for (const part of parts) mac.update(part)
    return mac.digest()
  }
}

export function aeadOf(bytes: Uint8Array): Aead {
  const key = createSecretKey(bytes)
  return {
    seal: (plaintext, nonce, associatedData) => {
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH })
      cipher.setAAD(associatedData)
      return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
    },
    open: (sealed, nonce, associatedData) => {
      const end = sealed.length - TAG_LENGTH
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH })
      try {
        decipher.setAAD(associatedData).setAuthTag(sealed.subarray(end))
        return Buffer.concat([decipher.update(sealed.subarray(0, end)), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

/** As `sameBytes`, of the end of one text of ASCII and another. */
function endsWithText(text: string, start: number, end: string): boolean {
  if (text.length - start !== end.length) return false
  let difference = 0
  for (let at = 0; at < end.length; at++) difference |= text.charCodeAt(start + at) ^ end.charCodeAt(at)
  return difference === 0
}

export function generatePrivate(entry: Row): unknown {
  return generated(entry).export({ format: 'jwk' })
}

// Here everything is at hand, so what may wait need not.
export {
  generatePrivate as generatePrivateAsync,
  importPrivate as importPrivateAsync,
  importPublic as importPublicAsync,
  importSecret as importSecretAsync,
  sha256 as sha256Async,
}

function checkOf(entry: Row, publicKey: KeyObject): SignatureCheck {
  const key = keyInput(entry, publicKey)
  const hash = hashOf(entry)
  const verifyLong = (input: Uint8Array, signature: string): boolean => {
    const bytes = base64urlBytes(signature)
    return base64urlText(bytes) === signature && verify(hash, input, key, bytes)
  }
  return {
    verify: (data, signature) => verify(hash, data, key, signature),
    verifyText: (token, inputEnd) => {
      const signature = token.slice(inputEnd + 1)
      if (token.length > scratch.length) return verifyLong(asciiBytes(token.slice(0, inputEnd)), signature)
      scratch.latin1Write(token, 0, inputEnd)
      const length = scratch.base64urlWrite(signature, inputEnd, scratch.length - inputEnd)
      if (!isEncodingOf(signature, inputEnd, length)) return false
      return verify(hash, scratchBytes(0, inputEnd), key, scratchBytes(inputEnd, length))
    },
    verifyAsync: (data, signature) =>
      new Promise((resolve, reject) => {
        verify(hash, data, key, signature, (error, matches) =>
          error === null ? resolve(matches) : reject(error),
        )
      }),
  }
}

function keyInput(entry: Row, key: KeyObject): KeyObject | VerifyKeyObjectInput {
  // R‖S of fixed length (RFC 7518 §3.4); OpenSSL refuses r and s outside [1, n-1].
  if (entry.scheme === 'ecdsa') return { key, dsaEncoding: 'ieee-p1363' }
  if (entry.scheme !== 'rsa-pss') return key
  // RFC 7518 §3.5: the salt is as long as the digest, and a verifier takes no other length.
  return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
}

function hashOf(entry: Row): string | null {
  return entry.hash === undefined ? null : entry.hash.replace('-', '').toLowerCase()
}

function generated({ kty, crv = '', alg }: Row): KeyObject {
  if (kty === 'EC') return generateKeyPairSync('ec', { namedCurve: crv }).privateKey
  if (kty === 'OKP') return generateKeyPairSync('ed25519').privateKey
  if (kty === 'RSA')
    return generateKeyPairSync('rsa', { modulusLength: GENERATED_MODULUS, publicExponent: 0x10001 })
      .privateKey
  if (alg === 'ML-DSA-44') return generateKeyPairSync('ml-dsa-44').privateKey
  if (alg === 'ML-DSA-65') return generateKeyPairSync('ml-dsa-65').privateKey
  if (alg === 'ML-DSA-87') return generateKeyPairSync('ml-dsa-87').privateKey
  throw new TypeError(`no pair of keys is made for ${alg}`)
}

function view(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const TAG_LENGTH = 16
const REPLACEMENT = '\ufffd'
