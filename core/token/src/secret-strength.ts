import { base64urlText, utf8Text } from '#platform'
import { TokenError } from './errors.ts'
import { KNOWN_SECRETS } from './known-secrets.ts'

/** Why a MAC secret can be guessed. */
export type SecretWeakness = 'too-short' | 'uniform' | 'repeated' | 'publicly-known'

/** A list of secrets that others know; a `Set` is one. */
export interface WordList {
  has(secret: string): boolean
}

/**
 * Says why a MAC secret is weak, undefined when nothing was found: it has fewer bytes than the hash it is for
 * (RFC 7518 §3.2), is nearly uniform or a short text repeated, or stands in public documentation, as it is or as the
 * hexadecimal or base64 spelling of its bytes. `known` is asked beside the list that this package brings along.
 */
export function secretWeakness(
  bytes: Uint8Array,
  minLength: number,
  known: WordList = new Set<string>(),
): SecretWeakness | undefined {
  if (bytes.length < minLength) return 'too-short'
  if (new Set(bytes).size < MIN_DISTINCT_BYTES) return 'uniform'
  if (isRepeated(bytes)) return 'repeated'
  const isKnown = spellings(bytes).some((text) => KNOWN_SECRETS.has(text) || known.has(text))
  return isKnown ? 'publicly-known' : undefined
}

/** Refuses what `secretWeakness` finds; throws `key/weak`. */
export function checkSecretStrength(bytes: Uint8Array, minLength: number, known?: WordList): void {
  const weakness = secretWeakness(bytes, minLength, known)
  if (weakness === undefined) return
  const state = weakness === 'too-short' ? `it has fewer than ${minLength} bytes` : STATES[weakness]
  throw new TokenError('key/weak', `Cannot import the secret: ${state}`)
}

function isRepeated(bytes: Uint8Array): boolean {
  for (let period = 1; period <= Math.min(LONGEST_PERIOD, bytes.length / 2); period++)
    if (bytes.every((byte, at) => at < period || byte === bytes[at - period])) return true
  return false
}

function spellings(bytes: Uint8Array): readonly string[] {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const base64url = base64urlText(bytes)
  const base64 = base64url.replaceAll('-', '+').replaceAll('_', '/')
  return [utf8Text(bytes) ?? '', hex, hex.toUpperCase(), base64url, base64]
}

const STATES = {
  uniform: 'its bytes are nearly all the same',
  repeated: 'it is a short text repeated',
  'publicly-known': 'it is publicly known',
} as const

/** Of 32 random bytes, fewer than 8 distinct ones happen once in more than 10^40 draws. */
const MIN_DISTINCT_BYTES = 8
/** In bytes; random ones repeat themselves like this once in 2^128 draws. */
const LONGEST_PERIOD = 16
