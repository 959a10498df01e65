import type { CompactDecryptResult, DecryptOptions } from 'jose'
import { compactDecrypt } from 'jose/jwe/compact/decrypt'
import type { TokenLimits } from '../compact.ts'
import { TokenError } from '../errors.ts'
import {
  type JweAlgorithm,
  type JweAlgorithmEntry,
  type JweEncryption,
  type JweEncryptionEntry,
  jweAlgorithmEntry,
  jweEncryptionEntry,
} from './algorithms.ts'
import { parseJwe, UnverifiedJwe } from './compact.ts'
import type { UnverifiedJweHeader } from './header.ts'
import { DecryptKey } from './keys.ts'
import { checkParameters, suits } from './parameters.ts'

declare const unauthenticated: unique symbol

/** Bytes that anybody may have encrypted, since a public key or a password is enough for it. */
export type UnauthenticatedBytes = Uint8Array & { readonly [unauthenticated]: true }

/** A header that the tag vouches for, as far as the key does. */
export interface JweHeader extends UnverifiedJweHeader {
  readonly alg: JweAlgorithm
  readonly enc: JweEncryption
}

/** A JWE that was decrypted. What anybody may have encrypted has a type of its own. */
export interface DecryptedJwe<Authenticates extends boolean = boolean> {
  /** Whether the key says who encrypted: true of a shared key alone. */
  readonly authenticated: Authenticates
  readonly header: JweHeader
  readonly plaintext: Authenticates extends true ? Uint8Array : UnauthenticatedBytes
  readonly key: DecryptKey<Authenticates>
}

/** Bounds of what is decrypted; what weakens them stands under `danger`. */
export interface DecryptLimits extends TokenLimits {
  readonly danger?: {
    /**
     * Accepts `zip: DEF` up to this many bytes of plaintext, 1 to 250,000 (RFC 8725bis §3.15). The length of what is
     * compressed tells of its content (RFC 8725 §3.6).
     */
    readonly inflateUpTo?: number
  }
}

/** One key, or the few that are in use while keys change. */
export type DecryptKeys<Authenticates extends boolean = boolean> =
  | DecryptKey<Authenticates>
  | readonly DecryptKey<Authenticates>[]

/**
 * Decrypts a compact JWE (RFC 7516 §5.2) under the algorithm its key is bound to, never one the token chose. Throws the
 * codes of `parseJwe`; `token/alg`, `token/unknown-key`, `jwe/enc`, `jwe/parameter` or `jwe/zip` before any key is
 * used; and one uniform `jwe/refused` for whatever is wrong with encrypted key, vector, ciphertext and tag (§11.5).
 */
export async function decrypt<Authenticates extends boolean>(
  token: string,
  keys: DecryptKeys<Authenticates>,
  options: DecryptLimits = {},
): Promise<DecryptedJwe<Authenticates>> {
  const jwe = parseJwe(token, options)
  const { alg, enc } = acceptedAlgorithms(jwe.header)
  const candidates = candidatesFor(jwe.header, keys)
  checkParameters(jwe.header, alg)
  const inflateUpTo = checkZip(jwe.header, options)
  const suited = candidates.filter((key) => suits(jwe.header, DecryptKey.material(key)))
  if (suited.length === 0)
    throw new TokenError('jwe/parameter', 'Cannot decrypt the token: a parameter does not suit the key')
  for (const key of suited) {
    const result = hasLengthsFor(jwe, alg, enc, key) ? await attempt(jwe, key, enc, inflateUpTo) : undefined
    if (result === undefined) continue
    const header: JweHeader = { ...jwe.header, alg: alg.alg, enc: enc.enc }
    // The brand follows the key: `authenticated` and the type of the bytes are one fact
    const plaintext = result.plaintext as DecryptedJwe<Authenticates>['plaintext']
    return { authenticated: key.authenticates, header, plaintext, key }
  }
  throw new TokenError('jwe/refused', 'Cannot decrypt the token: it was not encrypted for this key')
}

interface Algorithms {
  readonly alg: JweAlgorithmEntry
  readonly enc: JweEncryptionEntry
}

function acceptedAlgorithms(header: UnverifiedJweHeader): Algorithms {
  const alg = jweAlgorithmEntry(header.alg)
  if (alg === undefined)
    throw new TokenError('token/alg', 'Cannot decrypt the token: its algorithm is not supported')
  const enc = jweEncryptionEntry(header.enc)
  if (enc === undefined)
    throw new TokenError('jwe/enc', 'Cannot decrypt the token: its content encryption is not supported')
  return { alg, enc }
}

function candidatesFor<Authenticates extends boolean>(
  { alg, enc, kid }: UnverifiedJweHeader,
  keys: DecryptKeys<Authenticates>,
): readonly DecryptKey<Authenticates>[] {
  const offered = keys instanceof DecryptKey ? [keys] : keys
  const named = offered.filter((key) => key.kid === kid || key.kid === undefined || kid === undefined)
  if (named.length === 0)
    throw new TokenError('token/unknown-key', 'Cannot decrypt the token: no key fits its kid')
  const fitting = named.filter((key) => key.alg === alg)
  if (fitting.length === 0)
    throw new TokenError('token/alg', 'Cannot decrypt the token: its algorithm is not the one of its key')
  const accepting = fitting.filter((key) => key.encs.some((one) => one === enc))
  if (accepting.length === 0)
    throw new TokenError('jwe/enc', 'Cannot decrypt the token: its content encryption is not one of its key')
  // A token without kid may try this many; more would make it a way to keep us busy
  if (accepting.length <= MAX_CANDIDATES) return accepting
  throw new TokenError('token/unknown-key', 'Cannot decrypt the token: too many keys fit it')
}

/** The bound on the plaintext: 0 where nothing may be compressed. */
function checkZip(header: UnverifiedJweHeader, { danger }: DecryptLimits): number {
  const inflateUpTo = danger?.inflateUpTo ?? 0
  if (danger?.inflateUpTo !== undefined && !isWithin(inflateUpTo, 1, MAX_INFLATED))
    throw new TokenError(
      'token/limits',
      `Cannot decrypt the token: inflateUpTo is not within 1 to ${MAX_INFLATED}`,
    )
  if (!Object.hasOwn(header, 'zip')) return 0
  if (inflateUpTo > 0 && header.zip === 'DEF') return inflateUpTo
  throw new TokenError('jwe/zip', 'Cannot decrypt the token: it is compressed, and that is not accepted')
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most
}

/** RFC 7516 §5.2 steps 10, 14 and 15. Lengths are public, but what they tell is told by the same refusal (§11.5). */
function hasLengthsFor(
  { lengths }: UnverifiedJwe,
  alg: JweAlgorithmEntry,
  enc: JweEncryptionEntry,
  key: DecryptKey,
): boolean {
  const encryptedKey = alg.encryptedKeyLength(enc.keyLength) ?? DecryptKey.material(key).modulusLength
  const isPadded = enc.blockLength > 1
  return (
    lengths.encryptedKey === encryptedKey &&
    lengths.iv === enc.ivLength &&
    lengths.tag === enc.tagLength &&
    lengths.ciphertext % enc.blockLength === 0 &&
    (lengths.ciphertext > 0 || !isPadded)
  )
}

async function attempt(
  jwe: UnverifiedJwe,
  key: DecryptKey,
  { enc }: JweEncryptionEntry,
  inflateUpTo: number,
): Promise<CompactDecryptResult | undefined> {
  const { key: material, maxCount } = DecryptKey.material(key)
  const options: DecryptOptions = {
    keyManagementAlgorithms: [key.alg],
    contentEncryptionAlgorithms: [enc],
    maxDecompressedLength: inflateUpTo,
    ...(maxCount === null ? {} : { maxPBES2Count: maxCount }),
  }
  try {
    return await compactDecrypt(UnverifiedJwe.token(jwe), material, options)
  } catch {
    // Not looked into: which step failed is what must not be told (RFC 7516 §11.5)
    return undefined
  }
}

const MAX_CANDIDATES = 4
const MAX_INFLATED = 250_000
