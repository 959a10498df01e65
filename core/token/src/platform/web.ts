import { TokenError } from '../errors.ts'
import type { KeyMembers } from '../jwk.ts'
import {
  GENERATED_MODULUS,
  type Row,
  type SecretHalves,
  type SignatureCheck,
  type SignatureMaker,
} from './platform.ts'

export const synchronous: boolean = false

export function asciiBytes(text: string): Uint8Array {
  return utf8Bytes(text)
}

export function utf8Bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export function base64urlText(bytes: Uint8Array): string {
  const { toBase64 } = bytes as MaybeBase64
  if (toBase64 !== undefined) return toBase64.call(bytes, { alphabet: 'base64url', omitPadding: true })
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function base64urlOfText(text: string): string {
  return base64urlText(utf8Bytes(text))
}

export function base64urlBytes(text: string): Uint8Array {
  const { fromBase64 } = Uint8Array as MaybeFromBase64
  if (fromBase64 !== undefined) return fromBase64.call(Uint8Array, text, { alphabet: 'base64url' })
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}

export function quickText(): undefined {
  return undefined
}

export function sha256(): never {
  throw waiting()
}

export async function sha256Async(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', fixed(bytes)))
}

export function importPublic(): never {
  throw waiting()
}

export async function importPublicAsync(entry: Row, jwk: KeyMembers): Promise<SignatureCheck> {
  const key = await crypto.subtle.importKey('jwk', { ...jwk }, importParameters(entry), false, ['verify'])
  return checkOf(entry, key)
}

export function importPrivate(): never {
  throw waiting()
}

export async function importPrivateAsync(entry: Row, jwk: KeyMembers): Promise<SignatureMaker> {
  const key = await crypto.subtle.importKey('jwk', { ...jwk }, importParameters(entry), false, ['sign'])
  return makerOf(entry, key)
}

export function importSecret(): never {
  throw waiting()
}

export async function importSecretAsync(entry: Row, bytes: Uint8Array): Promise<SecretHalves> {
  const key = await crypto.subtle.importKey('raw', fixed(bytes), importParameters(entry), false, [
    'sign',
    'verify',
  ])
  return { check: checkOf(entry, key), maker: makerOf(entry, key) }
}

export function macOf(): never {
  throw waiting()
}

export function aeadOf(): never {
  throw waiting()
}

export function sameBytes(): never {
  throw waiting()
}

export function generatePrivate(): never {
  throw waiting()
}

export async function generatePrivateAsync(entry: Row): Promise<unknown> {
  const rsa = { modulusLength: GENERATED_MODULUS, publicExponent: Uint8Array.of(1, 0, 1) }
  const parameters = { ...importParameters(entry), ...(entry.kty === 'RSA' ? rsa : {}) }
  const pair = (await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])) as {
    readonly privateKey: WebKey
  }
  const { key_ops: _, ext: __, ...jwk } = await crypto.subtle.exportKey('jwk', pair.privateKey)
  return jwk
}

// Every web runtime has these two; the compiler of core knows no browser.
declare function atob(text: string): string
declare function btoa(binary: string): string

type WebKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>

function checkOf(entry: Row, key: WebKey): SignatureCheck {
  const parameters = signatureParameters(entry)
  return {
    verify: notAtOnce,
    verifyText: notAtOnce,
    verifyAsync: (data, signature) => crypto.subtle.verify(parameters, key, fixed(signature), fixed(data)),
  }
}

function makerOf(entry: Row, key: WebKey): SignatureMaker {
  const parameters = signatureParameters(entry)
  return {
    sign: () => {
      throw waiting()
    },
    signAsync: async (data) => new Uint8Array(await crypto.subtle.sign(parameters, key, fixed(data))),
  }
}

interface Parameters {
  readonly name: string
  readonly namedCurve?: string
  readonly hash?: string
  readonly saltLength?: number
}

function importParameters({ alg, scheme, crv, hash }: Row): Parameters {
  if (scheme === 'ecdsa') return { name: 'ECDSA', ...(crv === undefined ? {} : { namedCurve: crv }) }
  return { name: NAMES[scheme] ?? alg, ...(hash === undefined ? {} : { hash }) }
}

function signatureParameters({ alg, scheme, hash }: Row): Parameters {
  const name = NAMES[scheme] ?? alg
  if (scheme === 'ecdsa' && hash !== undefined) return { name, hash }
  // RFC 7518 §3.5: the salt is as long as the digest.
  if (scheme === 'rsa-pss' && hash !== undefined) return { name, saltLength: Number(hash.slice(4)) / 8 }
  return { name }
}

function notAtOnce(): never {
  throw waiting()
}

function waiting(): TokenError {
  return new TokenError(
    'token/platform',
    'Cannot do this at once: cryptography is asynchronous here, so call the function whose name ends in Async or begins with load',
  )
}

/** WebCrypto takes no view of shared memory; one would be refused there, and none is made here. */
function fixed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}

interface MaybeBase64 extends Uint8Array {
  readonly toBase64?: (options: { readonly alphabet: 'base64url'; readonly omitPadding: true }) => string
}
interface MaybeFromBase64 extends Uint8ArrayConstructor {
  readonly fromBase64?: (text: string, options: { readonly alphabet: 'base64url' }) => Uint8Array
}

const NAMES: { readonly [scheme: string]: string | undefined } = {
  ecdsa: 'ECDSA',
  eddsa: 'Ed25519',
  'rsa-pkcs1': 'RSASSA-PKCS1-v1_5',
  'rsa-pss': 'RSA-PSS',
  hmac: 'HMAC',
}
