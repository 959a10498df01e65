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
  Secret,
  type Signer,
  signerOf,
} from '@jotwarden/token'

/** Wraps nothing: what a device would keep inside lies in a Map, and `wrapped` is only a handle to it, with `+new` when wrapped anew. */
export class PlainKeyStore implements KeyStore {
  readonly name = 'plain'
  opened: string[] = []
  failing = false
  readonly #signers = new Map<string, Signer>()
  readonly #secrets = new Map<string, Uint8Array>()

  async generate({ purpose, alg }: KeyRequest): Promise<GeneratedKey> {
    const { secretBytes } = keyPurposes[purpose]
    if (secretBytes !== null) {
      const kid = encodeBase64url(new Uint8Array(randomBytes(8)))
      this.#secrets.set(kid, new Uint8Array(randomBytes(secretBytes)))
      return { kid, publicJwk: null, wrapped: `handle:${kid}` }
    }
    if (alg !== 'ES256' && alg !== 'Ed25519')
      throw new Error('Cannot make the key: the test store knows no such algorithm')
    const { privateJwk, publicJwk } = generateKeyPair(alg)
    const signer = signerOf(importSignKey(privateJwk))
    this.#signers.set(signer.kid, signer)
    return { kid: signer.kid, publicJwk, wrapped: `handle:${signer.kid}` }
  }

  async signer(record: KeyRecord): Promise<Signer> {
    return this.#open(this.#signers, record)
  }

  async secret(record: KeyRecord): Promise<Secret> {
    return Secret.fromBytes(new Uint8Array(this.#open(this.#secrets, record)))
  }

  #open<Key>(keys: ReadonlyMap<string, Key>, { wrapped }: KeyRecord): Key {
    const kid = wrapped?.replace('handle:', '').replace('+new', '') ?? ''
    const key = keys.get(kid)
    if (this.failing || key === undefined) throw new Error('Cannot open the key: the device does not answer')
    this.opened.push(kid)
    return key
  }
}
