import type { JWEKeyManagementHeaderParameters } from 'jose'
import { CompactEncrypt } from 'jose/jwe/compact/encrypt'
import { encodeBase64url } from '../base64url.ts'
import { TokenError } from '../errors.ts'
import type { Random } from '../time-and-chance.ts'
import { type JweEncryptionEntry, jweEncryptionEntry } from './algorithms.ts'
import { EncryptKey } from './keys.ts'
import { checkPartyInfo } from './parameters.ts'

/** What the header says beside `alg`, `enc` and `kid`. */
export interface EncryptOptions {
  readonly typ?: string
  readonly cty?: string
  /** Who agrees on the key, for `ECDH-ES*` (RFC 7518 §4.6.1.2): at most 256 bytes each, and the two must differ. */
  readonly apu?: Uint8Array
  readonly apv?: Uint8Array
  /** Claims repeated in the header, where everybody can read them (RFC 7519 §5.3). */
  readonly replicated?: ReplicatedClaims
}

/** Claims that a header may repeat, and that whoever reads it compares (RFC 7519 §5.3). */
export interface ReplicatedClaims {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: string | readonly string[]
}

/**
 * Encrypts to a compact JWE (RFC 7516 §5.1). The content encryption key, every initialization vector and the salt come
 * from `random`; the ephemeral key of `ECDH-ES*` and the padding of RSA come from the runtime, which takes them from
 * nobody. It never compresses. Throws `jwe/parameter` for party information that `decrypt` would refuse.
 */
export async function encrypt(
  plaintext: Uint8Array,
  key: EncryptKey,
  random: Random,
  options: EncryptOptions = {},
): Promise<string> {
  const { entry, key: material, maxCount } = EncryptKey.material(key)
  const enc = encryptionOf(key)
  const jwe = new CompactEncrypt(plaintext).setProtectedHeader(headerOf(key, options))
  jwe.setInitializationVector(drawn(random, enc.ivLength))
  const carriesKey = entry.management !== 'direct' && entry.management !== 'agreed'
  if (carriesKey) jwe.setContentEncryptionKey(drawn(random, enc.keyLength))
  const parameters: JWEKeyManagementHeaderParameters = {
    ...partyInfo(key, options),
    ...(entry.management === 'gcm-wrapped' ? { iv: drawn(random, 12) } : {}),
    ...(maxCount === null ? {} : { p2c: maxCount, p2s: drawn(random, 16) }),
  }
  return jwe.setKeyManagementParameters(parameters).encrypt(material)
}

function headerOf(key: EncryptKey, { typ, cty, replicated }: EncryptOptions) {
  const { iss, sub, aud } = replicated ?? {}
  return {
    alg: key.alg,
    enc: key.enc,
    ...(typ === undefined ? {} : { typ }),
    ...(cty === undefined ? {} : { cty }),
    ...(key.kid === undefined ? {} : { kid: key.kid }),
    ...(iss === undefined ? {} : { iss }),
    ...(sub === undefined ? {} : { sub }),
    ...(aud === undefined ? {} : { aud }),
  }
}

function partyInfo(key: EncryptKey, { apu, apv }: EncryptOptions): { apu?: Uint8Array; apv?: Uint8Array } {
  const given = { ...(apu === undefined ? {} : { apu }), ...(apv === undefined ? {} : { apv }) }
  const { entry } = EncryptKey.material(key)
  if (Object.keys(given).length > 0 && !entry.parameters.includes('epk'))
    throw new TokenError(
      'jwe/parameter',
      'Cannot encrypt the token: nobody agrees on a key under its algorithm',
    )
  checkPartyInfo({
    ...(apu === undefined ? {} : { apu: encodeBase64url(apu) }),
    ...(apv === undefined ? {} : { apv: encodeBase64url(apv) }),
  })
  return given
}

function encryptionOf(key: EncryptKey): JweEncryptionEntry {
  const enc = jweEncryptionEntry(key.enc)
  if (enc === undefined) throw new TypeError('an EncryptKey has an enc of the table')
  return enc
}

/** A short vector would repeat under one key sooner than anybody reckons with (RFC 7518 §5.3). */
function drawn(random: Random, length: number): Uint8Array {
  const bytes = random.bytes(length)
  if (bytes.length === length) return bytes
  throw new TypeError('the Random gave another number of bytes than it was asked for')
}
