/** A picture that stands on every page in place of the mark. */
export interface Logo {
  readonly type: 'image/svg+xml' | 'image/png'
  readonly body: Uint8Array<ArrayBuffer>
}

/** What is wrong with a picture; undefined when it may be shown. */
export function logoFault({ type, body }: Logo): string | undefined {
  if (body.length > LARGEST) return `is larger than ${LARGEST / 1024} KiB`
  if (type === 'image/png') return isPng(body) ? undefined : 'is not a PNG file'
  const text = decoded(body)
  if (text === undefined || !SVG.test(text)) return 'is not an SVG file in UTF-8'
  if (ACTIVE.test(text)) return 'is an SVG file with a script, an event handler, foreign HTML or a DOCTYPE'
  return undefined
}

/**
 * What a picture is served with. In a page it is an `<img>`, where an SVG file runs nothing and loads nothing; this holds
 * for who opens its address.
 */
export const logoPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

function isPng(body: Uint8Array): boolean {
  return PNG.every((byte, at) => body[at] === byte)
}

function decoded(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch {
    return undefined
  }
}

/** Bytes; every page loads it. */
const LARGEST = 128 * 1024
const PNG: readonly number[] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const SVG = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--(?:(?!-->)[\s\S])*-->\s*)*<svg[\s>]/
/** A word to who put it there by mistake, not a defence: that is how it is served. */
const ACTIVE = /<script|<foreignObject|<!DOCTYPE|<!ENTITY|javascript:|\son[a-z]+\s*=/i
