import type { Secret } from '@jotwarden/token'

/** Stretches passwords. An implementation must bound its queue: a full one rejects at once with code `hasher/busy`. */
export interface PasswordHasher {
  /** A PHC string with a fresh salt. */
  hash(password: Secret): Promise<string>
  /** `match-rehash`: right, but hashed with parameters older than today's. A malformed PHC string rejects. */
  verify(password: Secret, phc: string): Promise<'match' | 'match-rehash' | 'mismatch'>
  close(): Promise<void>
}
