import type { KeyPurpose } from './purposes.ts'

/** What happened to a key. */
export type KeyEventType = 'key-created' | 'key-activated' | 'key-state-changed' | 'key-rewrapped'

/** A security event about a key, written in the same act as what it records. `at` is in seconds. */
export interface KeyEvent {
  readonly type: KeyEventType
  readonly kid: string
  readonly purpose: KeyPurpose
  readonly at: number
  readonly cause?: string
}
