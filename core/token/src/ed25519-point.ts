import { integerOf } from './integer.ts'

/**
 * Whether these 32 bytes write a point of the curve in the one form it has (RFC 8032 §5.1.3), and not one of the eight
 * points of small order, under which a signature can match many messages.
 */
export function isSoundEd25519Point(bytes: Uint8Array): boolean {
  // Little-endian, the sign of x in the highest bit
  const y = integerOf(Uint8Array.from(bytes).reverse()) % 2n ** 255n
  if (y >= P || y === 0n) return false
  const y2 = (y * y) % P
  // Of order 1 and 2; and of order 8, where the double has y = 0
  if (y2 === 1n || (D * y2 * y2 + 2n * y2 - 1n) % P === 0n) return false
  // x² = (y² - 1) / (dy² + 1), and a quotient is a square where the product is one
  return power((y2 - 1n) * (D * y2 + 1n), (P - 1n) / 2n) === 1n
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % P
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P
    square = (square * square) % P
  }
  return result
}

const P = 2n ** 255n - 19n
/** RFC 8032 §5.1: -121665/121666. */
const D = P - ((121665n * power(121666n, P - 2n)) % P)
