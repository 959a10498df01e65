import {
  type AlgorithmEntry,
  eddsaEntry,
  isJwsAlgorithm,
  type JwsAlgorithm,
  jwsAlgorithms,
  type VerifyAlgorithm,
} from './algorithms.ts'
import { decodeBase64url } from './base64url.ts'
import { isSoundEd25519Point } from './ed25519-point.ts'
import { TokenError } from './errors.ts'
import type { PrivateJwk, PublicJwk } from './jwk.ts'
import { checkRsaNumbers } from './rsa-numbers.ts'

/** A row of the table, or the one beside it. */
export type KeyEntry = AlgorithmEntry<VerifyAlgorithm>

/**
 * The table row this key is for: the `alg` of the key, of the caller, or the only one its kty and crv allow.
 * One key has one algorithm (RFC 8725 §3.1). Throws `key/malformed`, `key/unsupported` or `key/mismatch`.
 */
export function entryFor(jwk: PublicJwk, wanted: JwsAlgorithm | undefined): AlgorithmEntry {
  // RFC 9964 §3: the kty alone says nothing of how the key is used.
  if (jwk.kty === 'AKP' && jwk.alg === undefined) throw malformed('it has no alg, which its kty requires')
  if (jwk.alg !== undefined && wanted !== undefined && jwk.alg !== wanted) {
    throw new TokenError('key/mismatch', 'Cannot import the key: its alg is not the one asked for')
  }
  const alg = jwk.alg ?? wanted
  const entry = alg === undefined ? onlyEntry(jwk) : isJwsAlgorithm(alg) ? jwsAlgorithms.get(alg) : undefined
  if (entry === undefined) {
    throw new TokenError('key/unsupported', 'Cannot import the key: its algorithm is unknown or ambiguous')
  }
  return fitting(entry, jwk)
}

/** `entryFor` a key that may also be of the deprecated name of Ed25519, where the caller accepts it (RFC 9864 §2.2). */
export function verifyEntryFor(
  jwk: PublicJwk,
  { alg, acceptEdDSA }: { readonly alg?: JwsAlgorithm; readonly acceptEdDSA?: boolean },
): KeyEntry {
  const isEdDSA = acceptEdDSA === true && alg === undefined && jwk.alg === eddsaEntry.alg
  return isEdDSA ? fitting(eddsaEntry, jwk) : entryFor(jwk, alg)
}

/** Honours `use` and `key_ops` where they are present (RFC 7517 §4.2, §4.3); throws `key/mismatch`. */
export function checkPurpose(jwk: Pick<PublicJwk, 'use' | 'key_ops'>, operation: 'sign' | 'verify'): void {
  const forSignatures = jwk.use === undefined || jwk.use === 'sig'
  const forOperation = jwk.key_ops === undefined || jwk.key_ops.includes(operation)
  if (!forSignatures || !forOperation) {
    throw new TokenError('key/mismatch', `Cannot import the key: its use or key_ops exclude ${operation}`)
  }
}

/** Checks the shape of the public numbers and gives the signature length in bytes; throws `key/malformed` or `key/weak`. */
export function checkPublicNumbers(jwk: PublicJwk, entry: KeyEntry): number {
  if (entry.signatureLength === 'modulus') return checkRsaNumbers(numberOf(jwk.n), numberOf(jwk.e))
  for (const number of coordinatesOf(jwk, entry)) checkLength(numberOf(number), entry.keyLength)
  if (entry.kty === 'OKP' && !isSoundEd25519Point(numberOf(jwk.x)))
    throw new TokenError(
      'key/weak',
      'Cannot import the key: its point is not on the curve, or of small order',
    )
  return entry.signatureLength
}

/** Checks that the private numbers are written as they must be; throws `key/malformed`. */
export function checkPrivateNumbers(jwk: PrivateJwk, entry: KeyEntry): void {
  if (entry.kty === 'RSA')
    for (const number of [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi]) numberOf(number)
  else if (entry.kty === 'AKP') checkLength(numberOf(jwk.priv), SEED_LENGTH)
  else checkLength(numberOf(jwk.d), entry.keyLength)
}

function fitting<Entry extends KeyEntry>(entry: Entry, jwk: PublicJwk): Entry {
  if (!entry.symmetric && entry.kty === jwk.kty && entry.crv === jwk.crv) return entry
  throw new TokenError('key/mismatch', 'Cannot import the key: its kty and crv do not fit its algorithm')
}

function onlyEntry(jwk: PublicJwk): AlgorithmEntry | undefined {
  const candidates = [...jwsAlgorithms.values()].filter(
    (entry) => entry.kty === jwk.kty && entry.crv === jwk.crv,
  )
  return candidates.length === 1 ? candidates[0] : undefined
}

function coordinatesOf(jwk: PublicJwk, { kty }: KeyEntry): readonly (string | undefined)[] {
  if (kty === 'EC') return [jwk.x, jwk.y]
  return [kty === 'AKP' ? jwk.pub : jwk.x]
}

function checkLength(number: Uint8Array, length: number | undefined): void {
  if (number.length !== length) throw malformed('a number has the wrong length')
}

export function numberOf(text: string | undefined): Uint8Array {
  if (text === undefined || text === '') throw malformed('a required number is missing')
  try {
    return decodeBase64url(text)
  } catch {
    throw malformed('a number is not base64url')
  }
}

function malformed(state: string): TokenError {
  return new TokenError('key/malformed', `Cannot import the key: ${state}`)
}

/** Of an ML-DSA private key, in bytes (RFC 9964 §3). */
const SEED_LENGTH = 32
