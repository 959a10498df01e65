import { checkLengths, readBase64, weaknessOf } from '../base64.ts'
import { excessive, malformed } from '../errors.ts'
import type { ImportedHash } from '../imported-hash.ts'

/** The PHC forms of all three variants, version 19 (RFC 9106). */
export function readArgon2(text: string): ImportedHash | undefined {
  const [, variant, m, t, p, salt, hash] = pattern.exec(text) ?? []
  if (salt === undefined || hash === undefined) return undefined
  const cost = { m: Number(m), t: Number(t), p: Number(p) }
  if (cost.m < 8 * cost.p) throw malformed('it has less memory than its lanes need')
  if (cost.m > mostMemory) throw excessive(`argon2 with m=${m} needs more than 256 MiB of memory`)
  if (cost.m * cost.t > mostWork || cost.p > mostLanes || cost.t > mostPasses)
    throw excessive(`argon2 with m=${m}, t=${t}, p=${p} takes too long`)
  const [saltBytes, hashBytes] = [readBase64(salt), readBase64(hash)]
  checkLengths(saltBytes, hashBytes)
  // RFC 9106 §3.1; the library underneath refuses less
  if (saltBytes.length < 8) throw malformed('its salt has the wrong length')
  return {
    form: `${variant}, m=${m}, t=${t}, p=${p}`,
    derivation: { algorithm: variantOf(variant), ...cost },
    salt: saltBytes,
    hash: hashBytes,
    work: (cost.m * cost.t) / 970,
    weakness: weaknessOf(saltBytes, cost.m * cost.t < leastWork && 'argon2 below m=19456, t=2'),
  }
}

function variantOf(text: string | undefined): 'argon2d' | 'argon2i' | 'argon2id' {
  return text === 'argon2d' || text === 'argon2i' ? text : 'argon2id'
}

const pattern =
  /^\$(argon2id|argon2i|argon2d)\$v=19\$m=([1-9]\d{0,9}),t=([1-9]\d{0,9}),p=([1-9]\d{0,9})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
const mostMemory = 256 * 1024
/** Kibibytes times passes; about 4 s. */
const mostWork = 2 ** 22
const mostPasses = 1024
const mostLanes = 16
/** The cheapest line of the OWASP Password Storage Cheat Sheet. */
const leastWork = 7168 * 5
