import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { PasswordHasher } from '@jotwarden/authority'
import type { Secret } from '@jotwarden/token'
import { Argon2Thread } from './argon2-thread.ts'
import { type Argon2Cost, checkCeiling, checkFloor, defaultCost, isCost } from './cost.ts'
import { HasherError } from './errors.ts'
import { passwordBytes } from './password-bytes.ts'
import { formatPhc, type PhcHash, parsePhc } from './phc.ts'

/** How to hash; everything has a safe default. */
export interface Argon2HasherOptions {
  /** How many requests may be under way at once, the running one included; 64 by default. */
  readonly queueLimit?: number
  /** What a new hash costs; m=19456, t=2, p=1 by default. */
  readonly parameters?: Argon2Cost
  readonly danger?: {
    /** Accepts parameters below OWASP's least. For tests only. */
    readonly allowWeakParameters?: boolean
  }
}

/** A hasher that says how much it has to do. */
export interface BusyHasher extends PasswordHasher {
  /** Requests under way: the running one and those that wait. */
  readonly underWay: number
}

/**
 * Makes a hasher of argon2id (RFC 9106) in a worker thread of its own. Passwords are compared in NFKC form.
 * Throws `hasher/weak-cost`, `hasher/excessive-cost` or `hasher/queue-limit` for options out of bounds; `hash` rejects with
 * `hasher/password` when the password exceeds 1024 bytes or is not UTF-8, which `verify` calls a mismatch.
 */
export function createArgon2Hasher(options: Argon2HasherOptions = {}): BusyHasher {
  return new Argon2Hasher(checkedCost(options), checkedLimit(options))
}

class Argon2Hasher implements BusyHasher {
  readonly #cost: Argon2Cost
  readonly #thread: Argon2Thread

  constructor(cost: Argon2Cost, queueLimit: number) {
    this.#cost = cost
    this.#thread = new Argon2Thread(queueLimit)
  }

  get underWay(): number {
    return this.#thread.underWay
  }

  async hash(password: Secret): Promise<string> {
    const bytes = passwordBytes(password)
    if (bytes === undefined) {
      throw new HasherError('hasher/password', 'Cannot hash the password: it is too long or not UTF-8')
    }
    const salt = new Uint8Array(randomBytes(saltLength))
    const hash = await this.#thread.derive({ password: bytes, salt, cost: this.#cost, hashLength })
    return formatPhc({ cost: this.#cost, salt, hash })
  }

  async verify(password: Secret, phc: string): Promise<'match' | 'match-rehash' | 'mismatch'> {
    const stored = parsePhc(phc)
    const bytes = passwordBytes(password)
    if (bytes === undefined) return 'mismatch'
    const { cost, salt } = stored
    const hash = await this.#thread.derive({ password: bytes, salt, cost, hashLength: stored.hash.length })
    if (!timingSafeEqual(hash, stored.hash)) return 'mismatch'
    return this.#isOlder(stored) ? 'match-rehash' : 'match'
  }

  close(): Promise<void> {
    return this.#thread.close()
  }

  /** More lanes make a hash no harder to guess, so `p` does not count. */
  #isOlder({ cost, salt, hash }: PhcHash): boolean {
    if (cost.m < this.#cost.m || cost.t < this.#cost.t) return true
    return salt.length < saltLength || hash.length < hashLength
  }
}

function checkedLimit({ queueLimit = 64 }: Argon2HasherOptions): number {
  if (Number.isSafeInteger(queueLimit) && queueLimit >= 1) return queueLimit
  throw new HasherError('hasher/queue-limit', 'Cannot bound the queue: the limit is no positive integer')
}

function checkedCost({ parameters: cost = defaultCost, danger }: Argon2HasherOptions): Argon2Cost {
  if (!isCost(cost)) throw new HasherError('hasher/weak-cost', 'Cannot use the cost: it is out of range')
  checkCeiling(cost)
  if (danger?.allowWeakParameters !== true) checkFloor(cost)
  return cost
}

const saltLength = 16
const hashLength = 32
