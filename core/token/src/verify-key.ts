import { importPublic, importPublicAsync } from '#platform'
import type { JwsAlgorithm, VerifyAlgorithm } from './algorithms.ts'
import { TokenError } from './errors.ts'
import { keyMembersOf, type PublicJwk, parsePublicJwk } from './jwk.ts'
import { checkPublicNumbers, checkPurpose, type KeyEntry, verifyEntryFor } from './key-checks.ts'
import { checkedKid } from './kid.ts'
import type { SignatureCheck } from './platform/platform.ts'

/** A key prepared for verification under exactly one algorithm; only functions of this package make one. */
export class VerifyKey {
  readonly alg: VerifyAlgorithm
  readonly kid: string | undefined
  readonly #check: SignatureCheck
  readonly #signatureLength: number
  readonly #signatureTextLength: number

  constructor(alg: VerifyAlgorithm, kid: string | undefined, check: SignatureCheck, signatureLength: number) {
    this.alg = alg
    this.kid = kid
    this.#check = check
    this.#signatureLength = signatureLength
    this.#signatureTextLength = Math.ceil((signatureLength * 4) / 3)
  }

  /**
   * Whether this is a signature over the data; throws a TypeError for an object that only looks like a key, and
   * `token/platform` where signatures are asynchronous.
   */
  static verifies(key: VerifyKey, data: Uint8Array, signature: Uint8Array): boolean {
    if (signature.length !== key.#signatureLength) return false
    return key.#check.verify(data, signature)
  }

  /** The same of a token whose signing input ends there. False as well where the signature is not canonical base64url. */
  static verifiesText(key: VerifyKey, token: string, inputEnd: number): boolean {
    if (token.length - inputEnd - 1 !== key.#signatureTextLength) return false
    return key.#check.verifyText(token, inputEnd)
  }

  /** The same on every platform; where there is a thread pool, on it. */
  static verifiesAsync(key: VerifyKey, data: Uint8Array, signature: Uint8Array): boolean | Promise<boolean> {
    if (signature.length !== key.#signatureLength) return false
    return key.#check.verifyAsync(data, signature)
  }
}

/** How a JWK is read that leaves something open. */
export interface ImportOptions {
  /** For a JWK that does not state its algorithm; an RSA key needs one of the two. */
  readonly alg?: JwsAlgorithm
  /** Takes a JWK whose `alg` is `EdDSA`, the older name of Ed25519 (RFC 9864), for tokens that say so too. */
  readonly acceptEdDSA?: boolean
}

/**
 * Prepares a public JWK for verification. The algorithm is the JWK's `alg`, else `options.alg`, else the only one its
 * curve allows. Throws `key/malformed`, `key/unsupported`, `key/weak`, `key/mismatch` or `key/private-in-public-set`,
 * and `token/platform` where keys are imported asynchronously.
 */
export function importVerifyKey(jwk: PublicJwk, options: ImportOptions = {}): VerifyKey {
  const checked = checkedPublicKey(jwk, options)
  return verifyKeyOf(checked, importCheck(checked.entry, checked.jwk))
}

/** `importVerifyKey` for every platform; rejects with its codes but `token/platform`. */
export async function loadVerifyKey(jwk: PublicJwk, options: ImportOptions = {}): Promise<VerifyKey> {
  const checked = checkedPublicKey(jwk, options)
  return verifyKeyOf(checked, await loadCheck(checked.entry, checked.jwk))
}

/** The platform's key of a JWK that was checked. */
export function importCheck(entry: KeyEntry, jwk: PublicJwk): SignatureCheck {
  try {
    return importPublic(entry, keyMembersOf(jwk))
  } catch (cause) {
    throw noKey(jwk, cause)
  }
}

/** `importCheck` for every platform. */
export async function loadCheck(entry: KeyEntry, jwk: PublicJwk): Promise<SignatureCheck> {
  try {
    return await importPublicAsync(entry, keyMembersOf(jwk))
  } catch (cause) {
    throw noKey(jwk, cause)
  }
}

interface CheckedPublicKey {
  readonly jwk: PublicJwk
  readonly entry: KeyEntry
  readonly kid: string | undefined
  readonly signatureLength: number
}

function checkedPublicKey(value: PublicJwk, options: ImportOptions): CheckedPublicKey {
  const jwk = parsePublicJwk(value)
  const entry = verifyEntryFor(jwk, options)
  checkPurpose(jwk, 'verify')
  return { jwk, entry, kid: checkedKid(jwk.kid), signatureLength: checkPublicNumbers(jwk, entry) }
}

function verifyKeyOf({ entry, kid, signatureLength }: CheckedPublicKey, check: SignatureCheck): VerifyKey {
  return new VerifyKey(entry.alg, kid, check, signatureLength)
}

function noKey(jwk: PublicJwk, cause: unknown): TokenError {
  if (cause instanceof TokenError) return cause
  // Any bytes of the right length are a key of ML-DSA, so who refuses them does not know it.
  const isUnknown = jwk.kty === 'AKP' || (cause instanceof Error && cause.name === 'NotSupportedError')
  return isUnknown
    ? new TokenError('key/unsupported', 'Cannot import the key: this platform lacks its algorithm', { cause })
    : new TokenError('key/malformed', 'Cannot import the key: its numbers are no public key', { cause })
}
