import {
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import {
  type AlgorithmEntry,
  algorithmEntry,
  isJwsAlgorithm,
  type JwsAlgorithm,
  jwsAlgorithms,
} from './algorithms.ts'
import { TokenError } from './errors.ts'
import { hasPrivateMember, jwkThumbprint, type PrivateJwk, type PublicJwk, publicJwkOf } from './jwk.ts'
import type { Secret } from './secret.ts'

const made: unique symbol = Symbol('made by @jotwarden/token')

/** A key that verifies with one algorithm, which is the key's and never the token's. Only imports make it. */
export interface VerifyKey {
  readonly alg: JwsAlgorithm
  readonly kid: string | undefined
  readonly [made]: KeyParts
}

/** A key that signs with one algorithm. Only imports make it. */
export interface SignKey {
  readonly alg: JwsAlgorithm
  readonly kid: string
  readonly [made]: KeyParts
}

interface KeyParts {
  readonly entry: AlgorithmEntry
  readonly object: KeyObject
  readonly signatureLength: number
}

/** The parts of a key, for the files that do cryptography. Throws `key/malformed` for a look-alike. */
export function keyParts(key: VerifyKey | SignKey): KeyParts {
  const parts: KeyParts | undefined = key[made]
  if (parts === undefined) throw new TokenError('key/malformed', 'Cannot use the key: it was not imported')
  return parts
}

/**
 * Imports a public key. The algorithm is `options.alg`, or the JWK's `alg`, or the only one that its curve allows.
 *
 * Throws `key/unsupported`, `key/mismatch`, `key/weak`, `key/malformed`, `key/private-in-public`.
 */
export function importVerifyKey(jwk: PublicJwk, options: { readonly alg?: JwsAlgorithm } = {}): VerifyKey {
  const entry = entryFor(jwk, options.alg)
  if (entry.symmetric) throw new TokenError('key/unsupported', 'Cannot import the key: it is symmetric')
  if (hasPrivateMember(jwk))
    throw new TokenError('key/private-in-public', 'Cannot import the key: it holds private members')
  checkUse(jwk, 'verify')
  const object = keyObject(() => createPublicKey({ key: { ...publicJwkOf(jwk) }, format: 'jwk' }))
  return Object.freeze({ alg: entry.alg, kid: kidOf(jwk), [made]: partsOf(entry, object) })
}

/** Imports a private key; its `kid` is the JWK's, or its thumbprint. Throws as `importVerifyKey` does. */
export function importSignKey(jwk: PrivateJwk, options: { readonly alg?: JwsAlgorithm } = {}): SignKey {
  const entry = entryFor(jwk, options.alg)
  if (entry.symmetric) throw new TokenError('key/unsupported', 'Cannot import the key: it is symmetric')
  checkUse(jwk, 'sign')
  const object = keyObject(() => createPrivateKey({ key: { ...jwk }, format: 'jwk' }))
  return Object.freeze({
    alg: entry.alg,
    kid: kidOf(jwk) ?? jwkThumbprint(jwk),
    [made]: partsOf(entry, object),
  })
}

/** Makes keys of a shared secret of at least the hash's length (RFC 7518 §3.2). Throws `key/weak`. */
export function importSecretKey(
  secret: Secret,
  options: { readonly alg: 'HS256'; readonly kid?: string },
): { readonly verify: VerifyKey; readonly sign: SignKey } {
  const entry = algorithmEntry(options.alg)
  const bytes = secret.reveal()
  if (bytes.length < 32)
    throw new TokenError('key/weak', 'Cannot import the secret: it is shorter than 32 bytes')
  const parts = partsOf(entry, createSecretKey(bytes))
  return {
    verify: Object.freeze({ alg: entry.alg, kid: options.kid, [made]: parts }),
    sign: Object.freeze({ alg: entry.alg, kid: options.kid ?? '', [made]: parts }),
  }
}

/** Makes a key pair whose `kid` is its thumbprint. RSA keys have 3072 bits (ASVS 11.2.3). */
export function generateKeyPair(alg: 'ES256' | 'Ed25519' | 'RS256'): {
  readonly privateJwk: PrivateJwk
  readonly publicJwk: PublicJwk
} {
  const bare = generated(alg)
  const named = { ...bare, kid: jwkThumbprint(bare), alg, use: 'sig' }
  return { privateJwk: named, publicJwk: publicJwkOf(named) }
}

function generated(alg: 'ES256' | 'Ed25519' | 'RS256'): PrivateJwk {
  const { privateKey } =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: 3072 })
      : alg === 'ES256'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : generateKeyPairSync('ed25519')
  return exported(privateKey)
}

function exported(key: KeyObject): PrivateJwk {
  const jwk = key.export({ format: 'jwk' })
  if (jwk.kty === undefined) throw new TokenError('key/malformed', 'Cannot export the key: it has no kty')
  return { ...(jwk as PrivateJwk), kty: jwk.kty }
}

/** The one row of the table that the key goes with; key type, curve, `alg` and the caller's wish must agree. */
function entryFor(jwk: PublicJwk, wanted: JwsAlgorithm | undefined): AlgorithmEntry {
  if (typeof jwk !== 'object' || jwk === null)
    throw new TokenError('key/malformed', 'Cannot import the key: it is not a JWK')
  if (jwk.alg !== undefined && !isJwsAlgorithm(jwk.alg)) {
    throw new TokenError('key/unsupported', 'Cannot import the key: its alg is not supported')
  }
  if (wanted !== undefined && jwk.alg !== undefined && wanted !== jwk.alg) {
    throw new TokenError('key/mismatch', 'Cannot import the key: its alg is not the one asked for')
  }
  const alg = wanted ?? jwk.alg ?? onlyAlgorithmFor(jwk)
  const entry = algorithmEntry(alg)
  if (entry.kty !== jwk.kty || (entry.crv !== null && entry.crv !== jwk.crv)) {
    throw new TokenError(
      'key/mismatch',
      'Cannot import the key: its type or curve does not go with the algorithm',
    )
  }
  return entry
}

function onlyAlgorithmFor(jwk: PublicJwk): JwsAlgorithm {
  for (const entry of jwsAlgorithms.values()) {
    if (entry.crv !== null && entry.kty === jwk.kty && entry.crv === jwk.crv) return entry.alg
  }
  throw new TokenError(
    'key/unsupported',
    'Cannot import the key: it names no algorithm and its type allows several or none',
  )
}

function checkUse(jwk: PublicJwk, operation: 'sign' | 'verify'): void {
  if (jwk.use !== undefined && jwk.use !== 'sig')
    throw new TokenError('key/mismatch', 'Cannot import the key: it is not for signatures')
  const { key_ops } = jwk
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes(operation))) {
    throw new TokenError('key/mismatch', `Cannot import the key: its key_ops do not include ${operation}`)
  }
}

function kidOf(jwk: PublicJwk): string | undefined {
  if (jwk.kid === undefined) return undefined
  if (typeof jwk.kid === 'string' && jwk.kid.length > 0 && jwk.kid.length <= 256) return jwk.kid
  throw new TokenError('key/malformed', 'Cannot import the key: its kid is not a text of 1 to 256 characters')
}

/** The engine checks that points lie on their curve; its messages are kept out. */
function keyObject(make: () => KeyObject): KeyObject {
  try {
    return make()
  } catch {
    throw new TokenError('key/malformed', 'Cannot import the key: its members are not a key')
  }
}

function partsOf(entry: AlgorithmEntry, object: KeyObject): KeyParts {
  if (entry.signatureLength !== null) return { entry, object, signatureLength: entry.signatureLength }
  const { modulusLength = 0, publicExponent = 0n } = object.asymmetricKeyDetails ?? {}
  if (modulusLength < 2048 || modulusLength > 8192)
    throw new TokenError('key/weak', 'Cannot import the key: its modulus is not of 2048 to 8192 bits')
  if (publicExponent < 3n || publicExponent % 2n === 0n)
    throw new TokenError('key/weak', 'Cannot import the key: its exponent is unsound')
  return { entry, object, signatureLength: Math.ceil(modulusLength / 8) }
}
