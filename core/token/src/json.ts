import { utf8Text } from '#platform'
import { TokenError } from './errors.ts'
import { numberedNames } from './escaped-names.ts'

/** What a JSON text holds (RFC 8259), read-only. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
/** An object of it: what claims and headers are. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** Bounds on the shape of a JSON text; its size in bytes is bounded by whoever read it. */
export interface JsonLimits {
  /** Objects and arrays inside one another, the root included; 16 unless said, at most 64. */
  readonly maxDepth?: number
  /** Members of all objects together; 1024 unless said, at most 65536. */
  readonly maxMembers?: number
}

/**
 * Parses a JSON object strictly: valid UTF-8 without a byte order mark, no member name twice in one object at any
 * level (escaped spellings count as the same name), bounded depth and member count. Also refused, because other
 * readers of the same text would see another value: `__proto__` members, numbers beyond the range of a double and
 * lone surrogates (RFC 7493 §2.1-2.3). What is accepted has exactly the value that `JSON.parse` is to give.
 * Throws `token/json`, `token/duplicate-member` or `token/limits`.
 */
export function parseJsonObject(bytes: Uint8Array, limits: JsonLimits = {}): JsonObject {
  return parseJsonText(utf8Text(bytes), limits)
}

/** `parseJsonObject` of a text that was decoded already; undefined stands for bytes that are not valid UTF-8. */
export function parseJsonText(text: string | undefined, limits: JsonLimits = {}): JsonObject {
  const maxDepth = checkedLimit(limits.maxDepth ?? MAX_DEPTH, HIGHEST_MAX_DEPTH)
  const maxMembers = checkedLimit(limits.maxMembers ?? MAX_MEMBERS, HIGHEST_MAX_MEMBERS)
  if (text === undefined) throw refusal('it is not valid UTF-8')
  const escaped = text.includes('\\') ? numbered(text) : undefined
  if (escaped !== undefined && escaped.names.length > maxMembers) throw refusal('it has too many members')
  const parsed = parse(text)
  const value = escaped === undefined ? parsed : parse(escaped.numbered)
  if (!isObject(value)) throw refusal('its root is not an object')
  const tally = { escaped: escaped !== undefined, maxDepth, members: 0, likeNames: 0 }
  takeStock(value, 1, tally)
  if (tally.members > maxMembers) throw refusal('it has too many members')
  if (escaped !== undefined) return named(value, escaped.names)
  if (tally.members + tally.likeNames === countNames(text)) return value
  if (tally.members === numbered(text).names.length) return value
  throw duplicateMember()
}

/** Whether the value is a JSON object: neither null nor an array. */
export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A limit of NaN would compare as no limit at all. */
function checkedLimit(limit: number, highest: number): number {
  if (Number.isInteger(limit) && limit > 0 && limit <= highest) return limit
  throw new TokenError(
    'token/limits',
    `Cannot read the JSON: a limit is not a whole number within 1 to ${highest}`,
  )
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch {
    // The engine's message quotes the text, so it is not kept as the cause.
    throw refusal('its syntax is wrong')
  }
}

/** Strings of several million characters, which no limit of a caller's would let through, are too much for the engine. */
function numbered(text: string): ReturnType<typeof numberedNames> {
  try {
    return numberedNames(text)
  } catch {
    throw refusal('it holds too long a string')
  }
}

/** An object whose names were numbered, each name read by itself. */
function named(object: JsonObject, names: readonly string[]): JsonObject {
  const members = new Map<string, JsonValue>()
  for (const [place, value] of Object.entries(object)) {
    const name = String(parse(names[Number(place)] ?? ''))
    checkName(name)
    if (!name.isWellFormed()) throw loneSurrogate()
    if (members.has(name)) throw duplicateMember()
    members.set(name, withNames(value, names))
  }
  return Object.fromEntries(members)
}

function withNames(value: JsonValue, names: readonly string[]): JsonValue {
  if (isArray(value)) return value.map((element) => withNames(element, names))
  return isObject(value) ? named(value, names) : value
}

/**
 * Counts the colons right behind a quotation mark. Where nothing is escaped such a mark ends the name of a member, or
 * begins a name or a string whose first character is a colon. NaN where white space stands before a colon: it may end
 * a name as well.
 */
function countNames(text: string): number {
  let names = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) {
    const before = text.charCodeAt(at - 1)
    if (before === QUOTE) names++
    else if (before <= SPACE) return Number.NaN
  }
  return names
}

/** What parsing has left of a text. */
interface Tally {
  readonly escaped: boolean
  readonly maxDepth: number
  members: number
  /** Names and strings that begin with a colon. */
  likeNames: number
}

function takeStock(value: JsonValue, depth: number, tally: Tally): void {
  if (typeof value === 'string') takeStockOfText(value, tally)
  else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refusal('a number is out of range')
  } else if (typeof value === 'object' && value !== null) {
    if (depth > tally.maxDepth) throw refusal('it is nested too deeply')
    if (isArray(value)) for (const element of value) takeStock(element, depth + 1, tally)
    else takeStockOfMembers(value, depth, tally)
  }
}

function takeStockOfMembers(object: JsonObject, depth: number, tally: Tally): void {
  for (const name in object) {
    checkName(name)
    tally.members++
    takeStockOfText(name, tally)
    takeStock(object[name] ?? null, depth + 1, tally)
  }
}

function takeStockOfText(text: string, tally: Tally): void {
  if (text.charCodeAt(0) === COLON) tally.likeNames++
  if (tally.escaped && !text.isWellFormed()) throw loneSurrogate()
}

function checkName(name: string): void {
  if (name === '__proto__') throw refusal('a member is named __proto__')
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}

function duplicateMember(): TokenError {
  return new TokenError('token/duplicate-member', 'Cannot read the JSON: a member name appears twice')
}

function loneSurrogate(): TokenError {
  return refusal('it holds a lone surrogate')
}

function refusal(state: string): TokenError {
  return new TokenError('token/json', `Cannot read the JSON: ${state}`)
}

const MAX_DEPTH = 16
const MAX_MEMBERS = 1024
const HIGHEST_MAX_DEPTH = 64
const HIGHEST_MAX_MEMBERS = 65_536
const SPACE = 0x20
const QUOTE = 0x22
const COLON = 0x3a
