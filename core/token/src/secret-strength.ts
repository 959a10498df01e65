import { utf8Text } from '#platform'
import { TokenError } from './errors.ts'

/** Refuses a MAC secret that is too short, nearly uniform or printed in public documentation; throws `key/weak`. */
export function checkSecretStrength(bytes: Uint8Array, minLength: number): void {
  if (bytes.length < minLength) throw weak(`it has fewer than ${minLength} bytes`)
  if (new Set(bytes).size < MIN_DISTINCT_BYTES) throw weak('its bytes are nearly all the same')
  if (WELL_KNOWN.has(utf8Text(bytes) ?? '')) throw weak('it is publicly known')
}

function weak(state: string): TokenError {
  return new TokenError('key/weak', `Cannot import the secret: ${state}`)
}

/** Of 32 random bytes, fewer than 8 distinct ones happen once in more than 10^40 draws. */
const MIN_DISTINCT_BYTES = 8

/** Examples long enough to pass the length check that people copy from documentation and demo pages. */
const WELL_KNOWN: ReadonlySet<string> = new Set([
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  'your-256-bit-secret-your-256-bit-secret',
  'your-super-secret-jwt-token-with-at-least-32-characters-long',
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'cc7e0d44fd473002f1c42167459001140ec6389b7353f8088f4d9a95f2f596f2',
  '404E635266556A586E3272357538782F413F4428472B4B6250645367566B5970',
  '0123456789abcdef0123456789abcdef',
  'abcdefghijklmnopqrstuvwxyz123456',
])
