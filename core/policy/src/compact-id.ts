/** Characters of a compact id: 16 bytes in base64url. */
const COMPACT_LENGTH = 22

/** 32-bit words of a compact id. */
export const LANES = 4

/**
 * Packs the text from `start` to its end into four lanes, one to one, and says whether it could: only the canonical
 * base64url of 16 bytes (RFC 4648 §3.5) is packed, so no two texts have the same lanes. Allocates nothing.
 */
export function packCompactId(text: string, start: number, lanes: Int32Array): boolean {
  if (text.length !== start + COMPACT_LENGTH) return false
  const upper = sextetAt(text, start + COMPACT_LENGTH - 2)
  const lower = sextetAt(text, start + COMPACT_LENGTH - 1)
  if ((upper | lower) < 0 || (lower & UNUSED_BITS) !== 0) return false
  // Five characters leave two bits of each lane free: the eight bits of the last two characters go there.
  let rest = (upper << 2) | (lower >> 4)
  let at = start
  for (let lane = 0; lane < LANES; lane++) {
    let bits = rest & 0b11
    let valid = 0
    for (const end = at + CHARACTERS_PER_LANE; at < end; at++) {
      const sextet = sextetAt(text, at)
      valid |= sextet
      bits = (bits << 6) | sextet
    }
    if (valid < 0) return false
    lanes[lane] = bits
    rest >>= 2
  }
  return true
}

/** Negative for a character that is none of base64url. */
function sextetAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < SEXTETS.length ? (SEXTETS[code] ?? -1) : -1
}

const CHARACTERS_PER_LANE = 5
const UNUSED_BITS = 0b1111
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const SEXTETS: Int8Array = Int8Array.from({ length: 128 }, (_, code) =>
  ALPHABET.indexOf(String.fromCharCode(code)),
)
