import { TokenError } from './errors.ts'
import { integerOf } from './integer.ts'

/**
 * Checks an RSA public key and gives its signature length in bytes. The modulus has 2048 bits or more
 * (RFC 7518 §3.3), and at most 8192: above, a verification becomes a way to keep us busy. The exponent is odd and above
 * 2^16 (FIPS 186-5 §A.1.1): under 1 everything verifies, and under 3 whoever forgets a byte of the padding is forged.
 * Moduli of the generator known as ROCA (CVE-2017-15361), whose factors can be found, are refused.
 * Throws `key/malformed`, `key/unsupported` or `key/weak`.
 */
export function checkRsaNumbers(modulus: Uint8Array, exponent: Uint8Array): number {
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24
  // RFC 7518 §2 Base64urlUInt: the fewest octets that hold the number.
  if (modulus[0] === 0 || exponent[0] === 0)
    throw new TokenError('key/malformed', 'Cannot import the key: an RSA number has leading zeros')
  // Not every platform takes exponents of more than 32 bits.
  if (bits > 8192 || exponent.length > 4)
    throw new TokenError('key/unsupported', 'Cannot import the key: too large')
  if (bits < 2048) throw weak('its modulus is shorter than 2048 bits')
  const e = integerOf(exponent)
  if (e <= 0xffffn || e % 2n === 0n) throw weak('its exponent is even or not above 2^16')
  const n = integerOf(modulus)
  if (n % 2n === 0n) throw weak('its modulus is even')
  if (ODD_PRIMES.every((prime) => isPowerOf65537(Number(n % BigInt(prime)), prime)))
    throw weak('its modulus was made by a generator whose factors can be found')
  return modulus.length
}

/** Both factors of a ROCA modulus are powers of 65537 modulo each of the first 126 primes, and so is their product. */
function isPowerOf65537(residue: number, prime: number): boolean {
  let power = 1
  do {
    if (power === residue) return true
    power = (power * 65537) % prime
  } while (power !== 1)
  return false
}

function weak(state: string): TokenError {
  return new TokenError('key/weak', `Cannot import the key: ${state}`)
}

function oddPrimesUpTo(last: number): readonly number[] {
  const primes: number[] = []
  for (let n = 3; n <= last; n += 2) if (primes.every((prime) => n % prime !== 0)) primes.push(n)
  return primes
}

/** Those that the generator uses for moduli from 2048 bits on. */
const ODD_PRIMES: readonly number[] = oddPrimesUpTo(701)
