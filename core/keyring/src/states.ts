/**
 * Where a key is in its life (NIST SP 800-57 Part 1 §7). Beside the standard's names:
 * pending is pre-activation, retiring is deactivated, retired is destroyed.
 */
export type KeyState = 'pending' | 'active' | 'retiring' | 'retired' | 'suspended' | 'compromised'

/** What the keys of one state may do, and which states may follow it. */
export interface KeyStateEntry {
  readonly protect: boolean
  readonly process: boolean
  readonly published: boolean
  readonly next: readonly KeyState[]
}

/** Whether a key may go from one state to the other in one step (SP 800-57 Part 1 §7, figure 3). */
export function mayTransition(from: KeyState, to: KeyState): boolean {
  return keyStates.get(from)?.next.includes(to) === true
}

/** Whether a key in this state may sign, make a MAC or seal: only the active one. */
export function mayProtect(state: KeyState): boolean {
  return keyStates.get(state)?.protect === true
}

/** Whether what a key in this state protects is still verified or opened. */
export function mayProcess(state: KeyState): boolean {
  return keyStates.get(state)?.process === true
}

/** Whether the public part of a key in this state stands in the published key set. */
export function isPublished(state: KeyState): boolean {
  return keyStates.get(state)?.published === true
}

/** Whether the value names a key state. */
export function isKeyState(value: unknown): value is KeyState {
  return typeof value === 'string' && (keyStates as ReadonlyMap<string, KeyStateEntry>).has(value)
}

/**
 * The one table of states. Active does not lead straight to retired: what was just protected would
 * stop verifying. Pending may process, since another node may already have made the key active.
 */
export const keyStates: ReadonlyMap<KeyState, KeyStateEntry> = new Map<KeyState, KeyStateEntry>([
  ['pending', { protect: false, process: true, published: true, next: ['active', 'retired', 'compromised'] }],
  [
    'active',
    { protect: true, process: true, published: true, next: ['retiring', 'suspended', 'compromised'] },
  ],
  ['retiring', { protect: false, process: true, published: true, next: ['retired', 'compromised'] }],
  [
    'suspended',
    {
      protect: false,
      process: false,
      published: false,
      next: ['active', 'retiring', 'retired', 'compromised'],
    },
  ],
  // A destroyed key can still turn out to have been stolen before.
  ['retired', { protect: false, process: false, published: false, next: ['compromised'] }],
  ['compromised', { protect: false, process: false, published: false, next: [] }],
])
