import type { Argon2Cost } from './cost.ts'
import { checkCeiling, isCost } from './cost.ts'
import { HasherError } from './errors.ts'

/** An argon2id hash with all that is needed to compute it again. */
export interface PhcHash {
  readonly cost: Argon2Cost
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

/** Writes the hash as a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash`, base64 without padding. */
export function formatPhc({ cost, salt, hash }: PhcHash): string {
  return `$argon2id$v=19$m=${cost.m},t=${cost.t},p=${cost.p}$${encodeBase64(salt)}$${encodeBase64(hash)}`
}

/** Reads a PHC string strictly. Throws `hasher/malformed-hash`, or `hasher/excessive-cost`. */
export function parsePhc(text: string): PhcHash {
  if (text.length > longestText) throw malformed('it is too long')
  const [, m, t, p, salt, hash] = phcPattern.exec(text) ?? []
  if (salt === undefined || hash === undefined) throw malformed('it is no argon2id v=19 PHC string')
  const cost = { m: Number(m), t: Number(t), p: Number(p) }
  if (!isCost(cost)) throw malformed('its parameters are out of range')
  checkCeiling(cost)
  return { cost, salt: decodeBase64(salt, saltBytes), hash: decodeBase64(hash, hashBytes) }
}

function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

function decodeBase64(text: string, length: { readonly least: number; readonly most: number }): Uint8Array {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'))
  // One byte form only: encoding again must give the same text.
  if (encodeBase64(bytes) !== text) throw malformed('its base64 is not canonical')
  if (bytes.length < length.least || bytes.length > length.most)
    throw malformed('a field has the wrong length')
  return bytes
}

function malformed(state: string): HasherError {
  return new HasherError('hasher/malformed-hash', `Cannot read the stored hash: ${state}`)
}

const phcPattern =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,9})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
const longestText = 256
/** RFC 9106 §3.1 asks for 8 bytes of salt at least; a hash below 16 bytes can be met by chance. */
const saltBytes = { least: 8, most: 64 }
const hashBytes = { least: 16, most: 64 }
