import { AuthorityError } from './errors.ts'

/** Parses a scope parameter (RFC 6749 §3.3) into distinct names, in order. Throws `oauth/invalid_scope`. */
export function parseScopeParameter(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const names = text.split(' ')
  if (names.length > MOST || !names.every((name) => SCOPE_TOKEN.test(name))) {
    throw new AuthorityError('oauth/invalid_scope', 'Cannot grant the scope: it is malformed')
  }
  return [...new Set(names)]
}

/** Throws `oauth/invalid_scope` unless every requested scope is allowed. */
export function checkScope(requested: readonly string[], allowed: readonly string[]): readonly string[] {
  if (requested.every((name) => allowed.includes(name))) return requested
  throw new AuthorityError(
    'oauth/invalid_scope',
    'Cannot grant the scope: it is wider than this client may ask for',
  )
}

const MOST = 50
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/
