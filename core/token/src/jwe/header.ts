import { TokenError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { MAX_KID_LENGTH } from '../kid.ts'

/** A JWE header of correct form that no tag vouches for yet. */
export interface UnverifiedJweHeader {
  readonly alg: string
  readonly enc: string
  readonly typ?: string
  readonly cty?: string
  readonly kid?: string
  readonly zip?: string
  readonly [name: string]: JsonValue | undefined
}

/**
 * Checks the members that decide how a JWE is read (RFC 7516 §4.1, §4.1.13). `jwk`, `jku`, `x5u`, `x5c` and
 * thumbprints are left unread: they name the key of the recipient, who has it. Throws `token/crit` or `token/header`.
 */
export function checkJweHeader(header: JsonObject): UnverifiedJweHeader {
  if (Object.hasOwn(header, 'crit')) {
    throw new TokenError(
      'token/crit',
      'Cannot accept the token: its header has a crit, and no extension is understood',
    )
  }
  if (Object.hasOwn(header, 'b64')) throw refusal('b64 has no place in an encrypted token')
  for (const name of TEXTS) {
    if (Object.hasOwn(header, name) && typeof header[name] !== 'string')
      throw refusal(`its ${name} is not a string`)
  }
  const { alg, enc, kid } = header
  if (typeof alg !== 'string') throw refusal('it has no alg')
  if (typeof enc !== 'string') throw refusal('it has no enc')
  if (typeof kid === 'string' && kid.length > MAX_KID_LENGTH)
    throw refusal(`its kid is over ${MAX_KID_LENGTH} characters`)
  return { ...header, alg, enc }
}

function refusal(state: string): TokenError {
  return new TokenError('token/header', `Cannot accept the token's header: ${state}`)
}

const TEXTS = ['alg', 'enc', 'typ', 'cty', 'kid', 'zip'] as const
