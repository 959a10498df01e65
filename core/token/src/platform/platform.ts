import type { AlgorithmEntry, VerifyAlgorithm } from '../algorithms.ts'
import type { KeyMembers } from '../jwk.ts'
import type * as node from './node.ts'
import type * as web from './web.ts'

/** A row of the table of algorithms, or the one beside it. */
export type Row = AlgorithmEntry<VerifyAlgorithm>

/** Checks signatures under one key; what is no signature at all is false, not an error. */
export interface SignatureCheck {
  /** Throws `token/platform` where signatures are asynchronous. */
  verify(data: Uint8Array, signature: Uint8Array): boolean
  /**
   * The same of a token whose signing input, of ASCII, ends at `inputEnd`, and whose signature follows the dot. False as
   * well where that is not the canonical base64url of its bytes.
   */
  verifyText(token: string, inputEnd: number): boolean
  /** Beside other work: on the thread pool, or wherever the platform does it. */
  verifyAsync(data: Uint8Array, signature: Uint8Array): boolean | Promise<boolean>
}

/** Makes signatures under one key. */
export interface SignatureMaker {
  /** Throws `token/platform` where signatures are asynchronous. */
  sign(data: Uint8Array): Uint8Array
  /** Beside other work, but for algorithms that are done sooner than asked. */
  signAsync(data: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** Both halves of a shared secret. */
export interface SecretHalves {
  readonly check: SignatureCheck
  readonly maker: SignatureMaker
}

/** HMAC-SHA-256 under one key, over the parts as one message. */
export type Mac = (...parts: readonly Uint8Array[]) => Uint8Array

/** AES-256-GCM under one key, with tags of 16 bytes behind the ciphertext. */
export interface Aead {
  seal(plaintext: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array): Uint8Array
  /** Undefined when the tag does not match. */
  open(sealed: Uint8Array, nonce: Uint8Array, associatedData: Uint8Array): Uint8Array | undefined
}

/**
 * What core asks of the place it runs on. `node.ts` fulfils it with `node:crypto` for Node, Deno and Bun; `web.ts` with
 * WebCrypto for workers and browsers. The package import `#platform` picks one by condition.
 */
export interface Platform {
  /** Whether keys, digests and signatures are to be had at once; otherwise only what ends in `Async` works. */
  readonly synchronous: boolean
  /** The bytes of a text of ASCII characters. */
  asciiBytes(text: string): Uint8Array
  utf8Bytes(text: string): Uint8Array
  /** The text, with a byte order mark kept; undefined when the bytes are not valid UTF-8. */
  utf8Text(bytes: Uint8Array): string | undefined
  /** Without padding. */
  base64urlText(bytes: Uint8Array): string
  /** Without padding, of the UTF-8 of a text. */
  base64urlOfText(text: string): string
  /** Of a text that was found to be canonical. */
  base64urlBytes(text: string): Uint8Array
  /**
   * The UTF-8 text that a base64url text stands for, if the one is canonical, the other valid, and both are quickly
   * found out; undefined says nothing about them.
   */
  quickText(base64url: string): string | undefined
  sha256(bytes: Uint8Array): Uint8Array
  sha256Async(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
  /** Throws, with whatever error, when the members are no key. */
  importPublic(entry: Row, jwk: KeyMembers): SignatureCheck
  importPublicAsync(entry: Row, jwk: KeyMembers): SignatureCheck | Promise<SignatureCheck>
  /** Throws, with whatever error, when the members are no key. */
  importPrivate(entry: Row, jwk: KeyMembers): SignatureMaker
  importPrivateAsync(entry: Row, jwk: KeyMembers): SignatureMaker | Promise<SignatureMaker>
  importSecret(entry: Row, bytes: Uint8Array): SecretHalves
  importSecretAsync(entry: Row, bytes: Uint8Array): SecretHalves | Promise<SecretHalves>
  macOf(key: Uint8Array): Mac
  aeadOf(key: Uint8Array): Aead
  /** Whether two texts of one length are the same, in a time that does not tell where they differ. */
  sameBytes(one: Uint8Array, other: Uint8Array): boolean
  /** A fresh private key as a JWK without `kid`. */
  generatePrivate(entry: Row): unknown
  generatePrivateAsync(entry: Row): unknown
}

type Fulfilling<Module extends Platform> = Module
/** Does not compile unless both files fulfil the interface. */
export type Platforms = Fulfilling<typeof node> | Fulfilling<typeof web>

/** Of RSA keys made here, in bits. */
export const GENERATED_MODULUS = 3072
