import type { CryptoKey } from 'jose'
import { importJWK } from 'jose/key/import'
import { TokenError } from '../errors.ts'
import { type PrivateJwk, type PublicJwk, parsePrivateJwk, parsePublicJwk, publicJwkOf } from '../jwk.ts'
import { checkedKid } from '../kid.ts'
import type { JweAlgorithm, JweAlgorithmEntry, JweEncryption, KeyManagement } from './algorithms.ts'
import {
  checkJwePurpose,
  checkPrivateShape,
  checkPublicShape,
  jweEncryptionsFor,
  jweEntryFor,
} from './key-checks.ts'
import { DecryptKey, EncryptKey, type KeyMaterial } from './keys.ts'
import { opens } from './pair-proof.ts'

/**
 * Prepares a private JWK (RSA, EC or X25519) for decryption under one `alg`: the JWK's own, else `options.alg`.
 * `encs` are the content encryptions that a sender may choose from. What it decrypts is nobody's word: everybody may
 * have the public half. Throws `key/malformed`, `key/unsupported`, `key/weak` or `key/mismatch`.
 */
export async function importPrivateDecryptKey(
  jwk: PrivateJwk,
  options: { readonly alg?: JweAlgorithm; readonly encs: readonly JweEncryption[] },
): Promise<DecryptKey<false>> {
  const checked = parsePrivateJwk(jwk)
  const entry = jweEntryFor(checked.alg, options.alg, PUBLIC_KEY)
  const [first] = jweEncryptionsFor(options.encs)
  checkJwePurpose(checked, entry, 'decrypt')
  const shape = checkPublicShape(checked, entry)
  checkPrivateShape(checked, shape)
  const common = { entry, ...shape, kid: checkedKid(checked.kid), maxCount: null }
  const material: KeyMaterial = { ...common, key: await keyOf(numbersOf(checked), entry) }
  const publicKey = await keyOf(numbersOf(publicJwkOf(checked)), entry)
  if (first === undefined || !(await opens(material.key, publicKey, entry, first)))
    throw new TokenError('key/mismatch', 'Cannot import the key: its private half is not of its public half')
  return new DecryptKey(material, options.encs, false)
}

/**
 * Prepares a recipient's public JWK (RSA, EC or X25519) for encryption under one `alg` and one `enc`.
 * Throws the codes of `importPrivateDecryptKey`, and `key/private-in-public-set`.
 */
export async function importPublicEncryptKey(
  jwk: PublicJwk,
  options: { readonly alg?: JweAlgorithm; readonly enc: JweEncryption },
): Promise<EncryptKey> {
  const checked = parsePublicJwk(jwk)
  const entry = jweEntryFor(checked.alg, options.alg, PUBLIC_KEY)
  jweEncryptionsFor([options.enc])
  checkJwePurpose(checked, entry, 'encrypt')
  const shape = checkPublicShape(checked, entry)
  const kid = checkedKid(checked.kid)
  const key = await keyOf(numbersOf(checked), entry)
  return new EncryptKey({ entry, ...shape, kid, maxCount: null, key }, options.enc)
}

/** The numbers alone: what else a JWK says has been read already. */
function numbersOf(jwk: PublicJwk | PrivateJwk): Record<string, string> {
  const numbers: Record<string, string> = {}
  for (const [name, value] of Object.entries(jwk))
    if (typeof value === 'string' && NUMBERS.has(name)) numbers[name] = value
  return numbers
}

async function keyOf(
  numbers: Readonly<Record<string, string>>,
  entry: JweAlgorithmEntry,
): Promise<CryptoKey> {
  try {
    const key = await importJWK({ ...numbers }, entry.alg)
    if (!(key instanceof Uint8Array)) return key
  } catch {
    // Not kept as the cause: it may describe the private key
  }
  throw new TokenError('key/malformed', 'Cannot import the key: its numbers are no key')
}

const PUBLIC_KEY: readonly KeyManagement[] = ['rsa', 'agreed', 'agreed-wrapped']
const NUMBERS: ReadonlySet<string> = new Set([
  'kty',
  'crv',
  'x',
  'y',
  'n',
  'e',
  'd',
  'p',
  'q',
  'dp',
  'dq',
  'qi',
])
