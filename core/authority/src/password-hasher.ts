import type { Secret } from '@jotwarden/token'

/** Stretches passwords. An implementation must bound its queue: a full one rejects at once with code `hasher/busy`. */
export interface PasswordHasher {
  /** A PHC string with a fresh salt. */
  hash(password: Secret): Promise<string>
  /**
   * `match-rehash`: right, but hashed with parameters older than today's. A malformed PHC string rejects. A hasher whose
   * mismatches have to wait waits itself, unless it is given `hold`, which then takes over the wait.
   */
  verify(password: Secret, phc: string, hold?: Hold): Promise<'match' | 'match-rehash' | 'mismatch'>
  close(): Promise<void>
}

/**
 * Takes over a wait that takes nothing but time, so that whoever bounds how many checks run need not count it. Nobody may be
 * told of the refusal before `until` settles, which never rejects.
 */
export type Hold = (until: Promise<void>) => void
