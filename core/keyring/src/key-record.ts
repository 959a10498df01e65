import type { PublicJwk } from '@jotwarden/token'
import type { KeyPurpose } from './purposes.ts'
import type { KeyState } from './states.ts'

/** What is kept about one key. All dates are whole seconds since the epoch. */
export interface KeyRecord {
  readonly issuer: string
  /** Unique within the issuer. RFC 7638 thumbprint, or 8 random bytes in base64url for a symmetric key; an imported key has the id that its issuer gave it. */
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly alg: string
  readonly state: KeyState
  /** `null` for symmetric keys. */
  readonly publicJwk: PublicJwk | null
  /** The private part as the `KeyStore` wrapped it; `null` once it is destroyed. */
  readonly wrapped: string | null
  readonly createdAt: number
  /** When the public part was first published. */
  readonly announcedAt: number | null
  readonly activatedAt: number | null
  readonly retiringAt: number | null
  /** For a retiring key: from when on nothing it protected can still be valid. */
  readonly removableAt: number | null
  readonly retiredAt: number | null
  readonly compromisedAt: number | null
  /** How many uses of it were taken, where they are counted; taking some is no change of the record. */
  readonly uses: number
  /** Starts at 1; every change adds 1. */
  readonly version: number
}
