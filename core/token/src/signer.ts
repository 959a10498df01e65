import type { JwsAlgorithm } from './algorithms.ts'
import { SignKey } from './sign-key.ts'

/** What signing needs; a key in memory and a key in an HSM both give it. */
export interface Signer {
  readonly alg: JwsAlgorithm
  readonly kid: string
  /** The JWS signature over the data in the form of RFC 7518 (ECDSA: R‖S, not DER); throws when the key may not sign. */
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** Signs with a key in memory, synchronously; throws `token/platform` where signatures are asynchronous. */
export function signerOf(key: SignKey): Signer {
  return { alg: key.alg, kid: key.kid, sign: (data) => SignKey.sign(key, data) }
}

/**
 * Signs with a key in memory, on the thread pool: a server's event loop stays free, and every core signs. Works on
 * every platform.
 */
export function pooledSignerOf(key: SignKey): Signer {
  return { alg: key.alg, kid: key.kid, sign: (data) => SignKey.signInPool(key, data) }
}
