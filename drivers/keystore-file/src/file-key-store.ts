import { randomBytes } from 'node:crypto'
import {
  type GeneratedKey,
  type KeyRecord,
  type KeyRequest,
  type KeyStore,
  keyPurposes,
} from '@jotwarden/keyring'
import {
  encodeBase64url,
  generateKeyPair,
  importSignKey,
  jwkThumbprint,
  type PrivateJwk,
  parsePrivateJwk,
  pooledSignerOf,
  type Random,
  Secret,
  type Signer,
} from '@jotwarden/token'
import { KeyStoreError } from './errors.ts'
import type { KeyEncryptionKey } from './kek.ts'
import type { Keks } from './kek-file.ts'
import { unwrapKey, type WrapContext, wrapKey, wrappingKekId } from './wrapped-key.ts'

/** What the store wraps with. */
export interface FileKeyStoreOptions {
  readonly kek: KeyEncryptionKey
  /** Keys that no longer wrap but still open, while records are wrapped anew. */
  readonly olderKeks?: readonly KeyEncryptionKey[]
  /**
   * Reads the keys again where they lie. Asked before each key that is made, so that it is wrapped by what wraps then, and
   * when a record needs a key that is not at hand. Without it the keys are those given here for good.
   */
  readonly readAgain?: () => Keks
  readonly random?: Random
}

/** A key store that can also move a key under its present key-encryption key. */
export interface FileKeyStore extends KeyStore {
  /** The private part wrapped under the present key; `undefined` when it already is, or is destroyed. */
  rewrap(record: KeyRecord): string | undefined
}

/** Makes the store whose private parts lie, wrapped, in the records themselves. */
export function createFileKeyStore(options: FileKeyStoreOptions): FileKeyStore {
  return new WrappingKeyStore(options)
}

class WrappingKeyStore implements FileKeyStore {
  readonly name = 'file'
  /** The first wraps. One that was there once still opens: a record that was read before it went may come to us after. */
  #keks: Keks
  readonly #readAgain: (() => Keks) | undefined
  readonly #random: Random

  constructor({ kek, olderKeks = [], readAgain, random = systemRandom }: FileKeyStoreOptions) {
    this.#keks = [kek, ...olderKeks]
    this.#readAgain = readAgain
    this.#random = random
  }

  async generate(request: KeyRequest): Promise<GeneratedKey> {
    const entry = keyPurposes[request.purpose]
    if (!entry.algs.includes(request.alg)) throw unknownAlgorithm(request)
    this.#refresh()
    return entry.secretBytes === null
      ? this.#generatePair(request)
      : this.#generateSecret(request, entry.secretBytes)
  }

  async signer(record: KeyRecord): Promise<Signer> {
    if (keyPurposes[record.purpose].family !== 'asymmetric') throw mismatch(record)
    // The private part is bound to the kid as it was wrapped, the public part by its thumbprint.
    if (record.publicJwk === null || jwkThumbprint(record.publicJwk) !== record.kid) throw mismatch(record)
    return pooledSignerOf(importSignKey(privateJwkOf(this.#unwrap(record), record)))
  }

  async secret(record: KeyRecord): Promise<Secret> {
    if (keyPurposes[record.purpose].family !== 'symmetric') throw mismatch(record)
    return wiped(this.#unwrap(record), (bytes) => Secret.fromBytes(bytes))
  }

  rewrap(record: KeyRecord): string | undefined {
    if (record.wrapped === null || wrappingKekId(record.wrapped) === this.#keks[0].id) return undefined
    return wiped(this.#unwrap(record), (plaintext) => this.#wrap(plaintext, record))
  }

  #generatePair(request: KeyRequest): GeneratedKey {
    if (!isPairAlgorithm(request.alg)) throw unknownAlgorithm(request)
    const { privateJwk, publicJwk } = generateKeyPair(request.alg)
    const kid = jwkThumbprint(publicJwk)
    const wrapped = wiped(Buffer.from(JSON.stringify(privateJwk)), (plaintext) =>
      this.#wrap(plaintext, { ...request, kid }),
    )
    return { kid, publicJwk, wrapped }
  }

  #generateSecret(request: KeyRequest, length: number): GeneratedKey {
    const kid = encodeBase64url(this.#random.bytes(8))
    const wrapped = wiped(this.#random.bytes(length), (plaintext) =>
      this.#wrap(plaintext, { ...request, kid }),
    )
    return { kid, publicJwk: null, wrapped }
  }

  #wrap(plaintext: Uint8Array, context: WrapContext): string {
    return wrapKey(plaintext, context, this.#keks[0], this.#random.bytes(12))
  }

  #unwrap(record: KeyRecord): Uint8Array {
    if (record.wrapped === null) {
      throw new KeyStoreError(
        'keystore/destroyed',
        `Cannot open the key ${record.kid}: its private part is destroyed`,
      )
    }
    const id = wrappingKekId(record.wrapped)
    if (!this.#keks.some((kek) => kek.id === id)) this.#refresh()
    return unwrapKey(record.wrapped, record, this.#keks)
  }

  #refresh(): void {
    if (this.#readAgain === undefined) return
    const [first, ...others] = this.#readAgain()
    const known = new Set([first, ...others].map(({ id }) => id))
    this.#keks = [first, ...others, ...this.#keks.filter(({ id }) => !known.has(id))]
  }
}

/** Uses the bytes, and overwrites them whatever happens. */
function wiped<Result>(bytes: Uint8Array, use: (bytes: Uint8Array) => Result): Result {
  try {
    return use(bytes)
  } finally {
    bytes.fill(0)
  }
}

function privateJwkOf(plaintext: Uint8Array, record: KeyRecord): PrivateJwk {
  try {
    return wiped(plaintext, (bytes) => parsePrivateJwk(JSON.parse(new TextDecoder().decode(bytes))))
  } catch {
    // The cause could quote what was unwrapped; it is left behind.
    throw mismatch(record)
  }
}

function isPairAlgorithm(alg: string): alg is 'ES256' | 'Ed25519' | 'RS256' {
  return alg === 'ES256' || alg === 'Ed25519' || alg === 'RS256'
}

function unknownAlgorithm({ purpose }: KeyRequest): KeyStoreError {
  return new KeyStoreError(
    'keystore/algorithm',
    `Cannot make a ${purpose} key: the algorithm is not one of its own`,
  )
}

function mismatch({ kid }: KeyRecord): KeyStoreError {
  return new KeyStoreError(
    'keystore/mismatch',
    `Cannot open the key ${kid}: the private part is not that of its record`,
  )
}

const systemRandom: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) }
