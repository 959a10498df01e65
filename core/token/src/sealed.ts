import { aeadOf, utf8Bytes } from '#platform'
import { decodeBase64url, encodeBase64url } from './base64url.ts'
import { TokenError } from './errors.ts'
import { joined } from './joined.ts'
import type { Aead } from './platform/platform.ts'
import type { Secret } from './secret.ts'

/** An AES-256-GCM key for sealed state; only `importSealKey` makes one. */
export class SealKey {
  /** Eight bytes as 11 characters of base64url. */
  readonly kid: string
  readonly #aead: Aead

  constructor(kid: string, aead: Aead) {
    this.kid = kid
    this.#aead = aead
  }

  static aead(key: SealKey): Aead {
    return key.#aead
  }
}

/** Takes a secret of exactly 32 bytes as a sealing key; throws `key/malformed`, `key/weak` or `token/platform`. */
export function importSealKey(kid: string, secret: Secret): SealKey {
  if (kidBytes(kid) === undefined) {
    throw new TokenError(
      'key/malformed',
      'Cannot import the sealing key: its kid is not 8 bytes of base64url',
    )
  }
  const bytes = secret.reveal()
  if (bytes.length !== 32)
    throw new TokenError('key/weak', 'Cannot import the sealing key: it has not 32 bytes')
  return new SealKey(kid, aeadOf(bytes))
}

/**
 * Seals bytes for a context; only `open` with the same context and key gives them back. The nonce of 12 bytes must
 * never repeat under one key (RFC 7518 §8.4): take it from a `Random`. Throws `sealed/malformed` for another length,
 * and for a plaintext of more than about 49,000 bytes.
 */
export function seal(plaintext: Uint8Array, context: string, key: SealKey, nonce: Uint8Array): string {
  const kid = kidBytes(key.kid)
  if (nonce.length !== NONCE_LENGTH || kid === undefined)
    throw malformed(`its nonce has not ${NONCE_LENGTH} bytes`)
  const head = joined(Uint8Array.of(VERSION), kid, nonce)
  const sealed = SealKey.aead(key).seal(plaintext, nonce, associatedData(head, context))
  const text = PREFIX + encodeBase64url(joined(head, sealed))
  // What `open` would refuse must not be handed out.
  if (text.length > MAX_TEXT_LENGTH) throw malformed('it is too long')
  return text
}

/** The kid of the key that is said to have sealed this; throws `sealed/malformed`. */
export function sealedKid(text: string): string {
  return encodeBase64url(sealedBytes(text).subarray(1, NONCE_AT))
}

/**
 * Opens what `seal` made. Throws `sealed/malformed` for another form, and one uniform `sealed/refused` for another key,
 * another context or changed bytes.
 */
export function open(text: string, context: string, key: SealKey): Uint8Array {
  const bytes = sealedBytes(text)
  const head = bytes.subarray(0, HEAD_LENGTH)
  const nonce = bytes.subarray(NONCE_AT, HEAD_LENGTH)
  const opened = SealKey.aead(key).open(bytes.subarray(HEAD_LENGTH), nonce, associatedData(head, context))
  if (opened !== undefined) return opened
  throw new TokenError('sealed/refused', 'Cannot open the sealed state: it was not sealed here for this use')
}

/** Version, kid and nonce are bound in too; their length is fixed, so no separator is needed. */
function associatedData(head: Uint8Array, context: string): Uint8Array {
  return joined(head, utf8Bytes(context))
}

function sealedBytes(text: string): Uint8Array {
  if (typeof text !== 'string' || !text.startsWith(PREFIX)) throw malformed('it has another prefix')
  if (text.length > MAX_TEXT_LENGTH) throw malformed('it is too long')
  const bytes = decodeOrRefuse(text.slice(PREFIX.length))
  if (bytes.length < HEAD_LENGTH + TAG_LENGTH) throw malformed('it is too short')
  if (bytes[0] !== VERSION) throw malformed('it has another version')
  return bytes
}

function decodeOrRefuse(text: string): Uint8Array {
  try {
    return decodeBase64url(text)
  } catch {
    throw malformed('it is not base64url')
  }
}

function kidBytes(kid: string): Uint8Array | undefined {
  if (typeof kid !== 'string' || kid.length !== 11) return undefined
  try {
    return decodeBase64url(kid)
  } catch {
    return undefined
  }
}

function malformed(state: string): TokenError {
  return new TokenError('sealed/malformed', `Cannot read the sealed state: ${state}`)
}

const PREFIX = 'jwi_'
const VERSION = 1
const NONCE_AT = 9
const NONCE_LENGTH = 12
const HEAD_LENGTH = NONCE_AT + NONCE_LENGTH
const TAG_LENGTH = 16
const MAX_TEXT_LENGTH = 65_536
