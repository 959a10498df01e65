import { createHmac, createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { type AlgorithmEntry, type JwsAlgorithm, jwsAlgorithms } from './algorithms.ts'
import { TokenError } from './errors.ts'
import { jwkThumbprint, type PrivateJwk, type PublicJwk, parsePrivateJwk, parsePublicJwk } from './jwk.ts'
import { checkPublicNumbers, checkPurpose, entryFor } from './key-checks.ts'
import type { Secret } from './secret.ts'
import { checkSecretStrength } from './secret-strength.ts'

/** A key prepared for verification under exactly one algorithm; only the functions of this file make one. */
export class VerifyKey {
  readonly alg: JwsAlgorithm
  readonly kid: string | undefined
  readonly #entry: AlgorithmEntry
  readonly #key: KeyObject
  readonly #signatureLength: number

  constructor(entry: AlgorithmEntry, key: KeyObject, kid: string | undefined, signatureLength: number) {
    this.alg = entry.alg
    this.kid = kid
    this.#entry = entry
    this.#key = key
    this.#signatureLength = signatureLength
  }

  /** Whether this is a signature over the data; throws a TypeError for an object that only looks like a key. */
  static verifies(key: VerifyKey, data: Uint8Array, signature: Uint8Array): boolean {
    if (signature.length !== key.#signatureLength) return false
    return key.#entry.verify(data, key.#key, signature)
  }
}

/** A key prepared for signing under exactly one algorithm. */
export class SignKey {
  readonly alg: JwsAlgorithm
  readonly kid: string
  readonly #entry: AlgorithmEntry
  readonly #key: KeyObject

  constructor(entry: AlgorithmEntry, key: KeyObject, kid: string) {
    this.alg = entry.alg
    this.kid = kid
    this.#entry = entry
    this.#key = key
  }

  static sign(key: SignKey, data: Uint8Array): Uint8Array {
    return key.#entry.sign(data, key.#key)
  }

  /** On the thread pool, but for algorithms that are done sooner than asked. */
  static signInPool(key: SignKey, data: Uint8Array): Uint8Array | Promise<Uint8Array> {
    return key.#entry.signInPool?.(data, key.#key) ?? key.#entry.sign(data, key.#key)
  }
}

/**
 * Prepares a public JWK for verification. The algorithm is the JWK's `alg`, else `options.alg`, else the only one its
 * curve allows. Throws `key/malformed`, `key/unsupported`, `key/weak`, `key/mismatch` or `key/private-in-public-set`.
 */
export function importVerifyKey(jwk: PublicJwk, options: { readonly alg?: JwsAlgorithm } = {}): VerifyKey {
  const checked = parsePublicJwk(jwk)
  const entry = entryFor(checked, options.alg)
  checkPurpose(checked, 'verify')
  const signatureLength = checkPublicNumbers(checked, entry)
  return new VerifyKey(entry, publicKeyObject(checked), checkedKid(checked.kid), signatureLength)
}

/**
 * Prepares a private JWK for signing; its `kid` defaults to the thumbprint (RFC 7638). Throws the codes of
 * `importVerifyKey`; a private half of another public one is `key/malformed` or `key/mismatch`.
 */
export function importSignKey(jwk: PrivateJwk): SignKey {
  const checked = parsePrivateJwk(jwk)
  const entry = entryFor(checked, undefined)
  checkPurpose(checked, 'sign')
  checkPublicNumbers(checked, entry)
  const key = privateKeyObject(checked)
  const proof = entry.sign(PAIR_PROOF, key)
  if (!entry.verify(PAIR_PROOF, publicKeyObject(checked), proof)) {
    throw new TokenError('key/mismatch', 'Cannot import the key: its private half is not of its public half')
  }
  return new SignKey(entry, key, checkedKid(checked.kid) ?? jwkThumbprint(checked))
}

/**
 * Prepares a shared secret of 32 bytes or more (RFC 7518 §3.2). Without a `kid` both keys carry one derived from the
 * secret by HMAC. Throws `key/weak` for a short, uniform or publicly known secret.
 */
export function importSecretKey(
  secret: Secret,
  options: { readonly alg: 'HS256'; readonly kid?: string },
): { readonly verify: VerifyKey; readonly sign: SignKey } {
  const entry = jwsAlgorithms.get(options.alg)
  if (entry === undefined || !entry.symmetric || entry.signatureLength === 'modulus') {
    throw new TokenError('key/unsupported', 'Cannot import the secret: its algorithm is not symmetric')
  }
  const bytes = secret.reveal()
  checkSecretStrength(bytes, entry.signatureLength)
  const key = createSecretKey(bytes)
  const kid = checkedKid(options.kid) ?? createHmac('sha256', key).update('jotwarden/kid').digest('base64url')
  return { verify: new VerifyKey(entry, key, kid, entry.signatureLength), sign: new SignKey(entry, key, kid) }
}

function publicKeyObject(jwk: PublicJwk): KeyObject {
  const { kty, crv, x, y, n, e } = jwk
  try {
    return createPublicKey({ key: { kty, ...defined({ crv, x, y, n, e }) }, format: 'jwk' })
  } catch (cause) {
    throw new TokenError('key/malformed', 'Cannot import the key: its numbers are no public key', { cause })
  }
}

function privateKeyObject(jwk: PrivateJwk): KeyObject {
  const { kty, crv, x, y, n, e, d, p, q, dp, dq, qi } = jwk
  try {
    const key = { kty, ...defined({ crv, x, y, n, e, d, p, q, dp, dq, qi }) }
    return createPrivateKey({ key, format: 'jwk' })
  } catch {
    // Not kept as the cause: it may describe the private key.
    throw new TokenError('key/malformed', 'Cannot import the key: its numbers are no private key')
  }
}

function defined(members: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {}
  for (const [name, value] of Object.entries(members)) if (value !== undefined) kept[name] = value
  return kept
}

function checkedKid(kid: string | undefined): string | undefined {
  if (kid === undefined) return undefined
  if (kid.length === 0 || kid.length > MAX_KID_LENGTH) {
    throw new TokenError(
      'key/malformed',
      `Cannot import the key: its kid is empty or over ${MAX_KID_LENGTH} characters`,
    )
  }
  return kid
}

/** In UTF-16 code units, in keys and in headers alike. */
export const MAX_KID_LENGTH = 256
const PAIR_PROOF: Uint8Array = Uint8Array.from([0x6a, 0x77])
