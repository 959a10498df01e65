import { readImportedHash } from './read-imported-hash.ts'

/** What may be told of a hash. */
export interface ExaminedHash {
  /** Algorithm and cost, for people. */
  readonly form: string
  /** Milliseconds that a check takes, about. */
  readonly work: number
  /** Why it is easier to guess than it should be, else null. */
  readonly weakness: string | null
}

/** Looks at a hash before it is imported. Throws `hasher/malformed-hash`, `hasher/unsupported-hash`,
 * `hasher/excessive-cost`, with nothing of the hash in the message. */
export function examineHash(text: string): ExaminedHash {
  const { form, work, weakness } = readImportedHash(text)
  return { form, work, weakness }
}
