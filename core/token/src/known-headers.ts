import type { UnverifiedHeader } from './header.ts'

/**
 * What the text of a header says, where a token with that header has been verified before: an issuer writes the same
 * few headers again and again, and reading one costs more than all other checks of form. What is known here is what
 * reading gives, and no more: no key, and nobody's trust.
 */
export function knownHeader(text: string): UnverifiedHeader | undefined {
  return known.get(text)
}

/**
 * Keeps what was read of a header that a signature vouches for. One that brings its key along is not worth it, and
 * must not push others out (RFC 9449 §4.2).
 */
export function rememberHeader(text: string, header: UnverifiedHeader): void {
  if (text.length > LONGEST || Object.hasOwn(header, 'jwk') || known.has(text)) return
  if (known.size >= MOST) known.clear()
  known.set(text, header)
}

const known: Map<string, UnverifiedHeader> = new Map()
const MOST = 256
const LONGEST = 512
