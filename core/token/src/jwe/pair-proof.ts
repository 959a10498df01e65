import type { CryptoKey } from 'jose'
import { compactDecrypt } from 'jose/jwe/compact/decrypt'
import { CompactEncrypt } from 'jose/jwe/compact/encrypt'
import type { JweAlgorithmEntry, JweEncryptionEntry } from './algorithms.ts'

/** Whether the private key opens what the public key closes: a pair that is none would refuse every token later. */
export async function opens(
  privateKey: CryptoKey | Uint8Array,
  publicKey: CryptoKey,
  { alg }: JweAlgorithmEntry,
  { enc }: JweEncryptionEntry,
): Promise<boolean> {
  try {
    const token = await new CompactEncrypt(PROOF).setProtectedHeader({ alg, enc }).encrypt(publicKey)
    const { plaintext } = await compactDecrypt(token, privateKey)
    return plaintext.length === PROOF.length
  } catch {
    return false
  }
}

const PROOF: Uint8Array = Uint8Array.of(0x6a, 0x77)
