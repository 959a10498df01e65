import type { JwsAlgorithm } from './algorithms.ts'
import { signBytes } from './jws-crypto.ts'
import type { SignKey } from './keys.ts'

/** What signing needs; an HSM or a KMS implements it too. */
export interface Signer {
  readonly alg: JwsAlgorithm
  readonly kid: string
  sign(data: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** A signer with the key at hand; it signs at once. */
export function signerOf(key: SignKey): Signer {
  return { alg: key.alg, kid: key.kid, sign: (data) => signBytes(data, key) }
}
