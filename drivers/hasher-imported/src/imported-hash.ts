/** What the worker thread computes again to check a password. */
export type Derivation =
  /** The whole text, whose cost and salt the algorithm reads itself. */
  | { readonly algorithm: 'bcrypt'; readonly text: string }
  | { readonly algorithm: 'scrypt'; readonly N: number; readonly r: number; readonly p: number }
  | { readonly algorithm: 'pbkdf2'; readonly digest: 'sha256' | 'sha512'; readonly iterations: number }
  | {
      readonly algorithm: 'argon2d' | 'argon2i' | 'argon2id'
      readonly m: number
      readonly t: number
      readonly p: number
    }

/** A hash that another system made, read and within bounds. */
export interface ImportedHash {
  /** Algorithm and cost, for people and as a key: `bcrypt, cost 10`. Neither salt nor hash. */
  readonly form: string
  readonly derivation: Derivation
  readonly salt: Uint8Array
  readonly hash: Uint8Array
  /** Milliseconds that a check takes, about: for comparing forms, and a bound for what is taken. */
  readonly work: number
  /** Why it is easier to guess than it should be, else null. */
  readonly weakness: string | null
}
