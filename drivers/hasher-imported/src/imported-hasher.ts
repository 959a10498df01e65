import { randomBytes } from 'node:crypto'
import type { Hold, PasswordHasher } from '@jotwarden/authority'
import { encodeBase64url, Secret } from '@jotwarden/token'
import { CheckThread } from './check-thread.ts'
import { ImportedHashError } from './errors.ts'
import type { ImportedHash } from './imported-hash.ts'
import { Pace } from './pace.ts'
import { passwordBytes } from './password-bytes.ts'
import { readImportedHash } from './read-imported-hash.ts'

/** What stands behind imported hashes. */
export interface ImportedHasherOptions {
  /** Makes and checks the hashes of today. It is closed with this one. */
  readonly own: PasswordHasher
  /** Of the imported hashes that are still kept, the one whose check takes longest; asked at every refusal. */
  readonly costliest: () => Promise<string | undefined>
  /** How many checks of imported hashes may be under way at once, the running one included; 32 by default. */
  readonly queueLimit?: number
}

/**
 * A hasher that also checks hashes of other systems, and asks for each to be made anew once its password is known.
 * They are compared with the password's bytes as given, which is what those systems hashed. A refusal takes one time,
 * whether the hash is today's, imported, or nobody's. Throws `hasher/queue-limit`.
 */
export function createImportedHasher(options: ImportedHasherOptions): PasswordHasher {
  return new ImportedHasher(options)
}

type Verdict = 'match' | 'match-rehash' | 'mismatch'

class ImportedHasher implements PasswordHasher {
  readonly #own: PasswordHasher
  readonly #thread: CheckThread
  readonly #pace: Pace
  #ownPrefix: Promise<string> | undefined

  constructor({ own, costliest, queueLimit = 32 }: ImportedHasherOptions) {
    if (!Number.isSafeInteger(queueLimit) || queueLimit < 1)
      throw new ImportedHashError(
        'hasher/queue-limit',
        'Cannot bound the queue: the limit is no positive integer',
      )
    this.#own = own
    this.#thread = new CheckThread(queueLimit)
    this.#pace = new Pace(this.#thread, costliest)
  }

  async hash(password: Secret): Promise<string> {
    const made = await this.#own.hash(password)
    this.#ownPrefix ??= Promise.resolve(prefixOf(made))
    return made
  }

  async verify(password: Secret, stored: string, hold?: Hold): Promise<Verdict> {
    const began = performance.now()
    const verdict = (await this.#isOwn(stored))
      ? await this.#own.verify(password, stored)
      : await this.#verifyImported(password, readImportedHash(stored))
    const slowest = verdict === 'mismatch' ? await this.#pace.slowest() : undefined
    if (slowest === undefined) return verdict
    const until = this.#pace.holdBack(began, slowest)
    if (hold === undefined) await until
    else hold(until)
    return verdict
  }

  async close(): Promise<void> {
    this.#pace.close()
    await Promise.all([this.#own.close(), this.#thread.close()])
  }

  /** A hash by our algorithm at another cost is an imported one too: its time would tell it from ours. */
  async #isOwn(stored: string): Promise<boolean> {
    this.#ownPrefix ??= this.#learnPrefix()
    return stored.startsWith(await this.#ownPrefix)
  }

  async #learnPrefix(): Promise<string> {
    try {
      return prefixOf(await this.#own.hash(Secret.fromText(encodeBase64url(new Uint8Array(randomBytes(16))))))
    } catch (error) {
      this.#ownPrefix = undefined
      throw error
    }
  }

  /** A hash of our own is made beside every check, so that a quick one answers no sooner than a check of our own. */
  async #verifyImported(password: Secret, imported: ImportedHash): Promise<Verdict> {
    const bytes = passwordBytes(password)
    if (bytes === undefined) return 'mismatch'
    const { derivation, salt, hash } = imported
    const [checked, beside] = await Promise.allSettled([
      this.#thread.check({ password: bytes, derivation, salt, hash }),
      this.#own.hash(password),
    ])
    if (checked.status === 'rejected') throw checked.reason
    if (beside.status === 'rejected') throw beside.reason
    return checked.value.matches ? 'match-rehash' : 'mismatch'
  }
}

/** All before salt and hash. */
function prefixOf(phc: string): string {
  return phc.split('$').slice(0, -2).concat('').join('$')
}
