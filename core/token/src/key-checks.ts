import { type AlgorithmEntry, isJwsAlgorithm, jwsAlgorithms } from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import type { PublicJwk } from './jwk.ts'

/**
 * The table row this key is for: the `alg` of the key, of the caller, or the only one its kty and crv allow.
 * One key has one algorithm (RFC 8725 §3.1). Throws `key/unsupported` or `key/mismatch`.
 */
export function entryFor(jwk: PublicJwk, wanted: string | undefined): AlgorithmEntry {
  if (jwk.alg !== undefined && wanted !== undefined && jwk.alg !== wanted) {
    throw new TokenError('key/mismatch', 'Cannot import the key: its alg is not the one asked for')
  }
  const alg = jwk.alg ?? wanted
  const entry = alg === undefined ? onlyEntry(jwk) : isJwsAlgorithm(alg) ? jwsAlgorithms.get(alg) : undefined
  if (entry === undefined) {
    throw new TokenError('key/unsupported', 'Cannot import the key: its algorithm is unknown or ambiguous')
  }
  if (entry.symmetric || entry.kty !== jwk.kty || entry.crv !== jwk.crv) {
    throw new TokenError('key/mismatch', 'Cannot import the key: its kty and crv do not fit its algorithm')
  }
  return entry
}

/** Honours `use` and `key_ops` where they are present (RFC 7517 §4.2, §4.3); throws `key/mismatch`. */
export function checkPurpose(jwk: PublicJwk, operation: 'sign' | 'verify'): void {
  const forSignatures = jwk.use === undefined || jwk.use === 'sig'
  const forOperation = jwk.key_ops === undefined || jwk.key_ops.includes(operation)
  if (!forSignatures || !forOperation) {
    throw new TokenError('key/mismatch', `Cannot import the key: its use or key_ops exclude ${operation}`)
  }
}

/** Checks the shape of the public numbers and gives the signature length in bytes; throws `key/malformed` or `key/weak`. */
export function checkPublicNumbers(jwk: PublicJwk, entry: AlgorithmEntry): number {
  if (entry.kty === 'RSA') return checkRsa(numberOf(jwk.n), numberOf(jwk.e))
  const length = COORDINATE_LENGTH.get(entry.crv ?? '')
  const coordinates = entry.kty === 'EC' ? [jwk.x, jwk.y] : [jwk.x]
  if (coordinates.some((coordinate) => numberOf(coordinate).length !== length)) {
    throw malformed('a coordinate has the wrong length')
  }
  if (entry.signatureLength === 'modulus') throw malformed('its algorithm has no signature length')
  return entry.signatureLength
}

/** RFC 7518 §3.3 asks for 2048 bits or more; above 8192 a verification becomes a way to keep us busy. */
export function checkRsa(modulus: Uint8Array, exponent: Uint8Array): number {
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
  // RFC 7518 §2 Base64urlUInt: the fewest octets that hold the number.
  if (modulus[0] === 0 || exponent[0] === 0) throw malformed('an RSA number has leading zeros')
  if (bits > 8192 || exponent.length > 8)
    throw new TokenError('key/unsupported', 'Cannot import the key: too large')
  if (bits < 2048) throw weak('its modulus is shorter than 2048 bits')
  if (((modulus.at(-1) ?? 0) & 1) === 0) throw weak('its modulus is even')
  const isOne = exponent.length === 1 && exponent[0] === 1
  if (isOne || ((exponent.at(-1) ?? 0) & 1) === 0) throw weak('its exponent is 1 or even')
  return modulus.length
}

export function numberOf(text: string | undefined): Uint8Array {
  if (text === undefined || text === '') throw malformed('a required number is missing')
  try {
    return decodeBase64url(text)
  } catch (cause) {
    throw new TokenError('key/malformed', 'Cannot import the key: a number is not base64url', { cause })
  }
}

function onlyEntry(jwk: PublicJwk): AlgorithmEntry | undefined {
  const fitting = [...jwsAlgorithms.values()].filter(
    (entry) => entry.crv !== undefined && entry.kty === jwk.kty && entry.crv === jwk.crv,
  )
  return fitting.length === 1 ? fitting[0] : undefined
}

function malformed(state: string): TokenError {
  return new TokenError('key/malformed', `Cannot import the key: ${state}`)
}

function weak(state: string): TokenError {
  return new TokenError('key/weak', `Cannot import the key: ${state}`)
}

/** In bytes, per curve (RFC 7518 §6.2.1.2, RFC 8032 §5.1.5). */
const COORDINATE_LENGTH: ReadonlyMap<string, number> = new Map([
  ['P-256', 32],
  ['P-384', 48],
  ['P-521', 66],
  ['Ed25519', 32],
])
