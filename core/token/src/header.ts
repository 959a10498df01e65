import { TokenError } from './errors.ts'
import type { JsonObject, JsonValue } from './json.ts'
import { MAX_KID_LENGTH } from './kid.ts'
import { normalizeTyp } from './typ.ts'

/** A JOSE header of correct form that no signature vouches for yet. */
export interface UnverifiedHeader {
  readonly alg: string
  readonly typ?: string
  readonly kid?: string
  readonly [name: string]: JsonValue | undefined
}

/**
 * Checks the members that decide how a JWS is read (RFC 7515 §4.1, §4.1.11; RFC 7797 §7). `jwk`, `jku`, `x5u`, `x5c`
 * and thumbprints are left unread. Throws `token/crit` or `token/header`.
 */
export function checkHeader(header: JsonObject): UnverifiedHeader {
  if (Object.hasOwn(header, 'crit')) {
    throw new TokenError(
      'token/crit',
      'Cannot accept the token: its header has a crit, and no extension is understood',
    )
  }
  for (const name of NOT_IN_A_JWS) {
    if (Object.hasOwn(header, name)) throw refusal(`${name} has no place in a signed token`)
  }
  const alg = stringMember(header, 'alg')
  if (alg === undefined) throw refusal('it has no alg')
  // Only that it is a text
  stringMember(header, 'typ')
  const kid = stringMember(header, 'kid')
  if (kid !== undefined && kid.length > MAX_KID_LENGTH)
    throw refusal(`its kid is over ${MAX_KID_LENGTH} characters`)
  const cty = stringMember(header, 'cty')
  if (cty !== undefined && normalizeTyp(cty) === 'jwt') throw refusal('nested tokens are not accepted')
  return deepFrozen({ ...header, alg })
}

/** What was read of one token may be shown with the next. */
function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  for (const inner of Object.values(value)) deepFrozen(inner)
  return Object.freeze(value)
}

function stringMember(header: JsonObject, name: string): string | undefined {
  if (!Object.hasOwn(header, name)) return undefined
  const value = header[name]
  if (typeof value !== 'string') throw refusal(`its ${name} is not a string`)
  return value
}

function refusal(state: string): TokenError {
  return new TokenError('token/header', `Cannot accept the token's header: ${state}`)
}

/** Members of RFC 7516 §4.1, RFC 7518 §4 and RFC 7797: their presence means that two readers may disagree. */
const NOT_IN_A_JWS = ['b64', 'enc', 'zip', 'epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c'] as const
