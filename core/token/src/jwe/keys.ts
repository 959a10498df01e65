import type { CryptoKey } from 'jose'
import type { JweAlgorithm, JweAlgorithmEntry, JweEncryption } from './algorithms.ts'
import type { AgreementCurve } from './curves.ts'

/** What a key is made of; the functions that import keys have checked it. */
export interface KeyMaterial {
  readonly entry: JweAlgorithmEntry
  readonly key: CryptoKey | Uint8Array
  readonly kid: string | undefined
  /** In bytes; null where the key is not RSA. */
  readonly modulusLength: number | null
  /** Null where nothing is agreed. */
  readonly curve: AgreementCurve | null
  /** The highest `p2c` (RFC 7518 §4.8.1.2); null where there is no password. */
  readonly maxCount: number | null
}

/**
 * A key that decrypts under exactly one `alg` and the listed `enc`s; only the import functions make one.
 * `Authenticates` is true of a key that only the two sides have: what it decrypts comes from one of them. Under a
 * public key, or a password, anybody may have encrypted.
 */
export class DecryptKey<Authenticates extends boolean = boolean> {
  readonly alg: JweAlgorithm
  readonly encs: readonly JweEncryption[]
  readonly kid: string | undefined
  readonly authenticates: Authenticates
  readonly #material: KeyMaterial

  constructor(material: KeyMaterial, encs: readonly JweEncryption[], authenticates: Authenticates) {
    this.alg = material.entry.alg
    this.encs = Object.freeze([...encs])
    this.kid = material.kid
    this.authenticates = authenticates
    this.#material = material
    Object.freeze(this)
  }

  /** Throws a TypeError for an object that only looks like a key. */
  static material(key: DecryptKey): KeyMaterial {
    return key.#material
  }
}

/** A key that encrypts under exactly one `alg` and one `enc`; only the import functions make one. */
export class EncryptKey {
  readonly alg: JweAlgorithm
  readonly enc: JweEncryption
  readonly kid: string | undefined
  readonly #material: KeyMaterial

  constructor(material: KeyMaterial, enc: JweEncryption) {
    this.alg = material.entry.alg
    this.enc = enc
    this.kid = material.kid
    this.#material = material
    Object.freeze(this)
  }

  /** Throws a TypeError for an object that only looks like a key. */
  static material(key: EncryptKey): KeyMaterial {
    return key.#material
  }
}
