import { checkLengths, readBase64, weaknessOf } from '../base64.ts'
import { excessive, malformed } from '../errors.ts'
import type { ImportedHash } from '../imported-hash.ts'

/** The forms of passlib, PHC and Django, which differ in how they write the same numbers and bytes. */
export function readPbkdf2(text: string): ImportedHash | undefined {
  const written = readPasslib(text) ?? readPhc(text) ?? readDjango(text)
  if (written === undefined) return undefined
  const { digest, iterations, salt, hash } = written
  if (iterations > most) throw excessive(`PBKDF2 with ${iterations} iterations is above ${most}`)
  checkLengths(salt, hash)
  const least = digest === 'sha256' ? 600_000 : 210_000
  return {
    form: `pbkdf2-${digest}, ${iterations} iterations`,
    derivation: { algorithm: 'pbkdf2', digest, iterations },
    salt,
    hash,
    work: iterations / (digest === 'sha256' ? 2500 : 1500),
    weakness: weaknessOf(salt, iterations < least && `PBKDF2 with ${digest} below ${least} iterations`),
  }
}

interface Written {
  readonly digest: 'sha256' | 'sha512'
  readonly iterations: number
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

function readPasslib(text: string): Written | undefined {
  const [, digest, iterations, salt, hash] = passlib.exec(text) ?? []
  if (salt === undefined || hash === undefined) return undefined
  return {
    digest: digestOf(digest),
    iterations: Number(iterations),
    salt: readBase64(salt, 'dot'),
    hash: readBase64(hash, 'dot'),
  }
}

function readPhc(text: string): Written | undefined {
  const [, digest, iterations, length, salt, hash] = phc.exec(text) ?? []
  if (salt === undefined || hash === undefined) return undefined
  const bytes = readBase64(hash)
  if (length !== undefined && Number(length) !== bytes.length)
    throw malformed('its hash is not as long as it says')
  return { digest: digestOf(digest), iterations: Number(iterations), salt: readBase64(salt), hash: bytes }
}

/** Its salt is text, taken as it stands; its hash has padding. */
function readDjango(text: string): Written | undefined {
  const [, digest, iterations, salt, hash, padding] = django.exec(text) ?? []
  if (salt === undefined || hash === undefined) return undefined
  if ((hash.length + (padding?.length ?? 0)) % 4 !== 0) throw malformed('its padding is wrong')
  return {
    digest: digestOf(digest),
    iterations: Number(iterations),
    salt: new TextEncoder().encode(salt),
    hash: readBase64(hash),
  }
}

function digestOf(text: string | undefined): 'sha256' | 'sha512' {
  return text === 'sha512' ? 'sha512' : 'sha256'
}

const passlib = /^\$pbkdf2-(sha256|sha512)\$([1-9]\d{0,9})\$([A-Za-z0-9./]+)\$([A-Za-z0-9./]+)$/
const phc =
  /^\$pbkdf2-(sha256|sha512)\$i=([1-9]\d{0,9})(?:,l=([1-9]\d{0,2}))?\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/
const django = /^pbkdf2_(sha256|sha512)\$([1-9]\d{0,9})\$([!-#%-~]{1,128})\$([A-Za-z0-9+/]+)(={0,2})$/
/** Some seconds. */
const most = 5_000_000
