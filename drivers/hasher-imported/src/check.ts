import type { Derivation } from './imported-hash.ts'

/** One thing asked of the worker thread. The worker wipes the password. */
export interface CheckRequest {
  readonly password: Uint8Array<ArrayBuffer>
  readonly derivation: Derivation
  readonly salt: Uint8Array
  readonly hash: Uint8Array
}

/** `took` in milliseconds, without the wait before it. */
export interface Checked {
  readonly matches: boolean
  readonly took: number
}

/** What the worker thread answers; never an error's own text, which is not ours to vouch for. */
export type CheckResult = Checked | { readonly failed: true }
