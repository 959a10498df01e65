import { AuthorityError } from './errors.ts'

/** Parameters of a request, parsed once; nobody downstream touches the text. */
export interface OAuthForm {
  /** The parameter's value; undefined when absent or empty (RFC 6749 §3.1). */
  one(name: string): string | undefined
  /** Every value of a parameter that may repeat (`resource`, RFC 8707 §2). */
  many(name: string): readonly string[]
}

/**
 * Parses `application/x-www-form-urlencoded` text, or a query string without its question mark.
 *
 * Throws `oauth/invalid_request` when a parameter is repeated (RFC 6749 §3.1, §3.2), is not UTF-8, is wrongly encoded,
 * holds a control character, or when there are more than 64.
 */
export function parseOAuthForm(text: string): OAuthForm {
  const values = new Map<string, string[]>()
  const pairs = text === '' ? [] : text.split('&', LARGEST + 1)
  if (pairs.length > LARGEST) throw refusal('it has too many parameters')
  for (const pair of pairs) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    const value = equals === -1 ? '' : decode(pair.slice(equals + 1))
    const earlier = values.get(name)
    if (earlier !== undefined && !REPEATABLE.has(name)) throw refusal('a parameter is repeated')
    if (earlier !== undefined) earlier.push(value)
    else values.set(name, [value])
  }
  return {
    one: (name) => values.get(name)?.[0] || undefined,
    many: (name) => (values.get(name) ?? []).filter((value) => value !== ''),
  }
}

function decode(text: string): string {
  if (!ENCODED.test(text)) throw refusal('a parameter is wrongly encoded')
  const decoded = PLAIN.test(text) ? text : decodePercent(text.replaceAll('+', ' '))
  if (CONTROL.test(decoded)) throw refusal('a parameter holds a control character')
  return decoded
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (cause) {
    throw new AuthorityError('oauth/invalid_request', 'Cannot read the request: a parameter is not UTF-8', {
      cause,
    })
  }
}

function refusal(reason: string): AuthorityError {
  return new AuthorityError('oauth/invalid_request', `Cannot read the request: ${reason}`)
}

const LARGEST = 64
const REPEATABLE: ReadonlySet<string> = new Set(['resource'])
const PLAIN = /^[A-Za-z0-9\-._~:/,;@!$'()*]*$/
/** Printable ASCII, as a form or a URL carries it. */
const ENCODED = /^[\x21-\x7e]*$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/
