import { TokenError } from './errors.ts'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [name: string]: JsonValue
}

export interface JsonLimits {
  /** How deep objects and arrays may nest; 16 unless given. */
  readonly depth?: number
  /** How many members and elements there may be in all; 1000 unless given. */
  readonly members?: number
}

/**
 * Parses a JSON object from UTF-8: no byte-order mark, no member named twice at any level (RFC 7515 §4 and RFC 7519 §4
 * leave that to us), no `__proto__`, bounded depth and member count.
 *
 * Throws `token/json` or `token/duplicate-member`.
 */
export function parseJsonObject(bytes: Uint8Array, limits: JsonLimits = {}): JsonObject {
  const text = decodeUtf8(bytes)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The engine's message quotes the input, so it is not kept as the cause.
    throw new TokenError('token/json', 'Cannot parse the JSON: it is malformed')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TokenError('token/json', 'Cannot parse the JSON: it is not an object')
  }
  checkMembers(text, limits.depth ?? 16, limits.members ?? 1000)
  return value as JsonObject
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeUtf8(bytes: Uint8Array): string {
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    throw new TokenError('token/json', 'Cannot parse the JSON: it is not UTF-8')
  }
  if (text.startsWith('\ufeff'))
    throw new TokenError('token/json', 'Cannot parse the JSON: it begins with a byte-order mark')
  return text
}

/** One pass over text that JSON.parse has accepted: counts, depth, and names within each object. */
function checkMembers(text: string, depthLimit: number, memberLimit: number): void {
  const names: (Set<string> | null)[] = []
  let members = 0
  let expectsName = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      const end = endOfString(text, at)
      const open = names[names.length - 1]
      if (expectsName && open) {
        checkName(text.slice(at, end + 1), open)
        expectsName = false
      }
      at = end
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      names.push(code === OPEN_OBJECT ? new Set() : null)
      if (names.length > depthLimit)
        throw new TokenError('token/json', 'Cannot parse the JSON: it nests too deeply')
      expectsName = code === OPEN_OBJECT
      members++
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      names.pop()
      expectsName = false
    } else if (code === COMMA) {
      expectsName = names[names.length - 1] !== null
      if (++members > memberLimit)
        throw new TokenError('token/json', 'Cannot parse the JSON: it has too many members')
    }
  }
}

function checkName(quoted: string, seen: Set<string>): void {
  const name = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
  if (name === '__proto__')
    throw new TokenError('token/json', 'Cannot parse the JSON: a member is named __proto__')
  if (seen.has(name))
    throw new TokenError('token/duplicate-member', 'Cannot parse the JSON: a member is named twice')
  seen.add(name)
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) return at
  }
  return text.length
}

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
