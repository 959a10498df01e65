import {
  encodeBase64url,
  loadSecretKey,
  pooledSignerOf,
  Secret,
  type Signer,
  signerOf,
  synchronous,
} from '@jotwarden/token'
import { VerifierError, type VerifierReason } from '../errors.ts'
import { systemRandom } from '../platform.ts'
import { isSameText } from '../same-text.ts'
import type { CheckedNonce } from './dpop-options.ts'

/**
 * Nonces that prove when a proof was made (RFC 9449 §8, §9). One stands for a slot of time: it is the HMAC of the slot's
 * number under a secret, so that nothing is stored, nobody can guess one ahead of its time, and all who have the secret
 * give out and take the same.
 */
export class Nonces {
  readonly #lifetime: number
  readonly #secret: Secret | undefined
  readonly #made = new Map<number, Promise<string>>()
  #signer: Promise<Signer> | undefined

  constructor({ lifetime, secret }: CheckedNonce) {
    this.#lifetime = lifetime
    this.#secret = secret
  }

  /**
   * Takes the nonce of this slot, of the one before, and of the next, where another process is already; answers headers with
   * a new one when it is not this slot's. Throws `verifier/use-dpop-nonce`.
   */
  async check(nonce: unknown, now: number): Promise<Readonly<Record<string, string>>> {
    const slot = Math.floor(now / this.#lifetime)
    const current = await this.#nonceOf(slot)
    if (typeof nonce !== 'string') throw useNonce('nonce-missing', 'it carries no nonce', current)
    if (isSameText(nonce, current)) return {}
    for (const near of [slot - 1, slot + 1])
      if (isSameText(nonce, await this.#nonceOf(near))) return { 'dpop-nonce': current }
    throw useNonce('nonce-unknown', 'its nonce is too old or none of ours', current)
  }

  #nonceOf(slot: number): Promise<string> {
    const made = this.#made.get(slot)
    if (made !== undefined) return made
    if (this.#made.size >= MOST_KEPT) this.#made.clear()
    const making = this.#make(slot)
    this.#made.set(slot, making)
    return making
  }

  async #make(slot: number): Promise<string> {
    this.#signer ??= signerUnder(this.#secret ?? Secret.fromBytes(systemRandom(32)))
    const signer = await this.#signer
    const tag = await signer.sign(new TextEncoder().encode(`${LABEL}/${this.#lifetime}/${slot}`))
    return encodeBase64url(tag.subarray(0, 16))
  }
}

async function signerUnder(secret: Secret): Promise<Signer> {
  const { sign } = await loadSecretKey(secret, { alg: 'HS256', kid: 'dpop-nonce' })
  return synchronous ? signerOf(sign) : pooledSignerOf(sign)
}

function useNonce(reason: VerifierReason, state: string, nonce: string): VerifierError {
  return new VerifierError('verifier/use-dpop-nonce', `Cannot accept the DPoP proof: ${state}`, {
    reason,
    nonce,
  })
}

/** Holds no dot, so it is no signing input of any token. */
const LABEL = 'jotwarden/dpop-nonce'
const MOST_KEPT = 8
