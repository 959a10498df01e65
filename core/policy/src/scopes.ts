import { PolicyError } from './errors.ts'

/**
 * Reads a scope text into its values, in order, each once.
 * Throws `policy/scope` when the text does not follow RFC 6749 §3.3.
 */
export function parseScope(text: string): readonly string[] {
  if (!isScope(text))
    throw new PolicyError('policy/scope', 'Cannot read the scope: it does not follow RFC 6749')
  return [...new Set(text.split(' '))]
}

/** Says whether a text follows the grammar of `scope` (RFC 6749 §3.3). */
export function isScope(text: string): boolean {
  return scope.test(text)
}

/** Says whether a value is a single scope (RFC 6749 §3.3, `scope-token`). */
export function isScopeToken(value: unknown): boolean {
  return typeof value === 'string' && isScope(value) && !value.includes(' ')
}

/** Says whether everything wanted was granted. */
export function scopeIncludes(granted: readonly string[], wanted: string | readonly string[]): boolean {
  return typeof wanted === 'string' ? granted.includes(wanted) : wanted.every((one) => granted.includes(one))
}

const scope = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/
