import type { JsonValue } from './json.ts'

/**
 * Whether any name of a member in a JSON text is written with an escape. `JSON.parse` of V8 cannot be relied on for
 * those: it takes such a name for another one that begins like its spelling, if an object with that other name was
 * parsed before, by whomever (nodejs/node#63785). A name would hide there from every check.
 */
export function hasEscapedName(text: string): boolean {
  let backslash = text.indexOf('\\')
  for (let at = text.indexOf('"'); at >= 0 && backslash >= 0; ) {
    const end = endOfString(text, at)
    if (backslash < at) backslash = text.indexOf('\\', at)
    if (backslash >= 0 && backslash < end && text.charCodeAt(afterSpace(text, end + 1)) === COLON) return true
    at = text.indexOf('"', end + 1)
  }
  return false
}

/** The value of a text that `JSON.parse` takes, each name read by itself. */
export function readJson(text: string): JsonValue {
  return new Reader(text).value()
}

/** Where the string that starts there ends: at its closing quotation mark. */
export function endOfString(text: string, start: number): number {
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    if (code === BACKSLASH) at++
  }
  return at
}

/** Knows that the text is JSON, so that a first character says what comes. */
class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): JsonValue {
    const code = this.#sign()
    if (code === OPEN_BRACE) return this.#object()
    return code === OPEN_BRACKET ? this.#array() : this.#scalar(code)
  }

  #object(): JsonValue {
    const members: [name: string, value: JsonValue][] = []
    while (this.#within(CLOSE_BRACE)) {
      const name = this.#scalar(this.#sign())
      // The colon
      this.#sign()
      this.#at++
      members.push([String(name), this.value()])
    }
    return Object.fromEntries(members)
  }

  #array(): JsonValue {
    const elements: JsonValue[] = []
    while (this.#within(CLOSE_BRACKET)) elements.push(this.value())
    return elements
  }

  /** Steps over the opening bracket or a comma; over the closing one, and then it is false. */
  #within(close: number): boolean {
    if (this.#sign() !== close) this.#at++
    if (this.#sign() !== close) return true
    this.#at++
    return false
  }

  #scalar(first: number): JsonValue {
    const start = this.#at
    if (first === QUOTE) this.#at = endOfString(this.#text, start) + 1
    else while (SCALAR.test(this.#text.charAt(this.#at))) this.#at++
    return JSON.parse(this.#text.slice(start, this.#at))
  }

  /** The next character that is no white space. */
  #sign(): number {
    this.#at = afterSpace(this.#text, this.#at)
    return this.#text.charCodeAt(this.#at)
  }
}

function afterSpace(text: string, start: number): number {
  let at = start
  while (text.charCodeAt(at) <= SPACE) at++
  return at
}

/** A character of a number, or of `true`, `false` and `null`. */
const SCALAR = /[-+.0-9A-Za-z]/
const SPACE = 0x20
const QUOTE = 0x22
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
