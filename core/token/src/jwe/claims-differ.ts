import { TokenError } from '../errors.ts'
import { isObject, type JsonObject, type JsonValue } from '../json.ts'
import type { JweHeader } from './decrypt.ts'

/**
 * Whatever claim a JWE header repeats must be what the claims set says (RFC 7519 §5.3), or two readers would act on
 * two tokens. A registered claim in the header alone is no repetition and is refused too. Throws `jwe/claims-differ`.
 */
export function checkReplicatedClaims(header: JweHeader, claims: JsonObject): void {
  for (const [name, value] of Object.entries(header)) {
    if (HEADER_PARAMETERS.has(name)) continue
    const isClaim = Object.hasOwn(claims, name)
    if (isClaim ? isSame(value, claims[name]) : !REGISTERED_CLAIMS.has(name)) continue
    throw new TokenError('jwe/claims-differ', 'Cannot accept the token: its header and its claims differ')
  }
}

function isSame(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false
    return one.every((element, at) => isSame(element, other[at]))
  }
  if (!isObject(one) || !isObject(other)) return one === other
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]))
}

/** What says how a JWE is read (RFC 7516 §4.1, RFC 7518 §4): never a claim, even where a claim has its name. */
const HEADER_PARAMETERS: ReadonlySet<string> = new Set([
  'alg',
  'enc',
  'zip',
  'typ',
  'cty',
  'kid',
  'jku',
  'jwk',
  'x5u',
  'x5c',
  'x5t',
  'x5t#S256',
  'epk',
  'apu',
  'apv',
  'iv',
  'tag',
  'p2s',
  'p2c',
])

/** RFC 7519 §4.1. */
const REGISTERED_CLAIMS: ReadonlySet<string> = new Set(['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti'])
