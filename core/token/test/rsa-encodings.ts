import { Buffer } from 'node:buffer'
import { constants, createHash, createPrivateKey, type KeyObject, privateEncrypt } from 'node:crypto'
import type { PrivateJwk } from '@jotwarden/token'

/** A signature over an encoded message of any form, good or bad. */
export function rawRsaSignature(encoded: Uint8Array, jwk: PrivateJwk): Uint8Array {
  return privateEncrypt({ key: keyObjectOf(jwk), padding: constants.RSA_NO_PADDING }, encoded)
}

export function keyObjectOf({ key_ops: _, ...jwk }: PrivateJwk): KeyObject {
  return createPrivateKey({ key: jwk, format: 'jwk' })
}

export interface PssForm {
  readonly hash: string
  readonly mgfHash: string
  readonly saltLength: number
  readonly trailer: number
  /** Of the padding before the salt. */
  readonly separator: number
}

/** EMSA-PSS (RFC 8017 §9.1.1) for a modulus of 2048 bits. */
export function pssEncoded(data: Uint8Array, form: PssForm): Uint8Array {
  const { hash, mgfHash, saltLength, trailer, separator } = form
  const salt = Buffer.alloc(saltLength, 0x5a)
  const h = digest(hash, Buffer.alloc(8), digest(hash, data), salt)
  const db = Buffer.concat([Buffer.alloc(LENGTH - saltLength - h.length - 2), Buffer.from([separator]), salt])
  const mask = mgf1(mgfHash, h, db.length)
  const masked = db.map((byte, at) => byte ^ (mask[at] ?? 0))
  masked[0] = (masked[0] ?? 0) & 0x7f
  return Buffer.concat([masked, h, Buffer.from([trailer])])
}

/** EMSA-PKCS1-v1_5 (RFC 8017 §9.2) with a block type, a length of padding and a tail of one's own. */
export function pkcs1Encoded(
  info: Uint8Array,
  { type = 1, padding = LENGTH - info.length - 3, tail = Buffer.alloc(0) as Uint8Array } = {},
): Uint8Array {
  const head = Buffer.from([0, type, ...Buffer.alloc(padding, 0xff), 0])
  const rest = LENGTH - head.length - info.length - tail.length
  return Buffer.concat([head, info, tail, Buffer.alloc(Math.max(0, rest), 0x42)])
}

/** A DigestInfo of SHA-256, with the given bytes as parameters of the algorithm. */
export function digestInfo(data: Uint8Array, parameters: readonly number[] = [5, 0]): Uint8Array {
  const oid = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
  const algorithm = [0x30, oid.length + parameters.length, ...oid, ...parameters]
  const hash = [0x04, 0x20, ...digest('sha256', data)]
  return Uint8Array.from([0x30, algorithm.length + hash.length, ...algorithm, ...hash])
}

function mgf1(hash: string, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = []
  for (let counter = 0; counter * 20 < length; counter++)
    blocks.push(digest(hash, seed, Buffer.from([0, 0, 0, counter])))
  return Buffer.concat(blocks).subarray(0, length)
}

function digest(hash: string, ...parts: readonly Uint8Array[]): Buffer {
  return createHash(hash).update(Buffer.concat(parts)).digest()
}

const LENGTH = 256
