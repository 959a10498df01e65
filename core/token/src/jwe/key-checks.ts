import { TokenError } from '../errors.ts'
import type { PrivateJwk, PublicJwk } from '../jwk.ts'
import { numberOf } from '../key-checks.ts'
import { checkRsaNumbers } from '../rsa-numbers.ts'
import {
  type JweAlgorithmEntry,
  type JweEncryption,
  type JweEncryptionEntry,
  jweAlgorithmEntry,
  jweEncryptionEntry,
  type KeyManagement,
} from './algorithms.ts'
import { type AgreementCurve, agreementCurve } from './curves.ts'

/** What of a public key decides how a token is read. */
export interface PublicShape {
  readonly modulusLength: number | null
  readonly curve: AgreementCurve | null
}

/**
 * The table row this key is for: the `alg` of the key or of the caller, which must agree. One key has one algorithm.
 * Throws `key/unsupported` or `key/mismatch`.
 */
export function jweEntryFor(
  keyAlg: string | undefined,
  wanted: string | undefined,
  managements: readonly KeyManagement[],
): JweAlgorithmEntry {
  if (keyAlg !== undefined && wanted !== undefined && keyAlg !== wanted)
    throw mismatch('its alg is not the one asked for')
  const alg = keyAlg ?? wanted
  const entry = alg === undefined ? undefined : jweAlgorithmEntry(alg)
  if (entry === undefined)
    throw new TokenError('key/unsupported', 'Cannot import the key: its algorithm is unknown or not said')
  if (!managements.includes(entry.management)) throw mismatch('it is not a key for its algorithm')
  return entry
}

/** Checks the list of content encryptions; throws `key/unsupported` for an unknown, a repeated or no name. */
export function jweEncryptionsFor(encs: readonly JweEncryption[]): readonly JweEncryptionEntry[] {
  const entries = encs.map((enc) => jweEncryptionEntry(enc)).filter((entry) => entry !== undefined)
  if (entries.length === encs.length && encs.length > 0 && new Set(encs).size === encs.length) return entries
  throw new TokenError(
    'key/unsupported',
    'Cannot import the key: its list of content encryptions is not sound',
  )
}

/** Honours `use` and `key_ops` where they are present (RFC 7517 §4.2, §4.3); throws `key/mismatch`. */
export function checkJwePurpose(
  jwk: { readonly use?: string; readonly key_ops?: readonly string[] },
  entry: JweAlgorithmEntry,
  side: 'encrypt' | 'decrypt',
): void {
  if (jwk.use !== undefined && jwk.use !== 'enc') throw mismatch('its use is not enc')
  const operations = OPERATIONS[entry.management][side]
  if (jwk.key_ops === undefined || jwk.key_ops.some((operation) => operations.includes(operation))) return
  // RFC 7517 §4.3 has no operation for the public half of an agreement: an empty list is what there is to say
  if (side === 'encrypt' && jwk.key_ops.length === 0 && entry.parameters.includes('epk')) return
  throw mismatch(`its key_ops exclude that it can ${side}`)
}

/** Checks kty, curve and numbers of the public half; throws `key/mismatch`, `key/malformed`, `key/weak` or `key/unsupported`. */
export function checkPublicShape(jwk: PublicJwk, entry: JweAlgorithmEntry): PublicShape {
  if (entry.management === 'rsa') {
    if (jwk.kty !== 'RSA') throw mismatch('its kty does not fit its algorithm')
    return { modulusLength: checkRsaNumbers(numberOf(jwk.n), numberOf(jwk.e)), curve: null }
  }
  const curve = agreementCurve(jwk.crv)
  if (curve === undefined || curve.kty !== jwk.kty) throw mismatch('its kty and crv do not fit its algorithm')
  const x = numberOf(jwk.x)
  const y = jwk.y === undefined ? undefined : numberOf(jwk.y)
  if (x.length !== curve.coordinateLength || (y !== undefined && y.length !== curve.coordinateLength))
    throw malformed('a coordinate has the wrong length')
  if (!curve.holds(x, y)) throw malformed('its point is not on its curve')
  return { modulusLength: null, curve }
}

/** Checks that the private numbers are written as they must be; throws `key/malformed`. */
export function checkPrivateShape(jwk: PrivateJwk, { curve }: PublicShape): void {
  if (curve === null) for (const number of [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi]) numberOf(number)
  else if (numberOf(jwk.d).length !== curve.coordinateLength)
    throw malformed('its private number has the wrong length')
}

function malformed(state: string): TokenError {
  return new TokenError('key/malformed', `Cannot import the key: ${state}`)
}

function mismatch(state: string): TokenError {
  return new TokenError('key/mismatch', `Cannot import the key: ${state}`)
}

type Operations = { readonly encrypt: readonly string[]; readonly decrypt: readonly string[] }

const WRAPPING: Operations = { encrypt: ['wrapKey', 'encrypt'], decrypt: ['unwrapKey', 'decrypt'] }
const AGREEING: Operations = { encrypt: ['deriveKey', 'deriveBits'], decrypt: ['deriveKey', 'deriveBits'] }

const OPERATIONS: Readonly<Record<KeyManagement, Operations>> = {
  direct: { encrypt: ['encrypt'], decrypt: ['decrypt'] },
  wrapped: { encrypt: ['wrapKey'], decrypt: ['unwrapKey'] },
  'gcm-wrapped': WRAPPING,
  rsa: WRAPPING,
  agreed: AGREEING,
  'agreed-wrapped': AGREEING,
  password: AGREEING,
}
