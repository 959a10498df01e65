import type { Argon2Cost } from './cost.ts'

/** One thing asked of the worker thread. The worker wipes the password. */
export interface DerivationRequest {
  readonly password: Uint8Array<ArrayBuffer>
  readonly salt: Uint8Array
  readonly cost: Argon2Cost
  readonly hashLength: number
}

/** What the worker thread answers; never an error's own text, which is not ours to vouch for. */
export type DerivationResult = { readonly hash: Uint8Array } | { readonly failed: true }
