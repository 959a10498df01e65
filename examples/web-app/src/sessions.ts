import { randomBytes } from 'node:crypto'

/** What the app remembers between the redirect to the authority and the way back. */
export interface PendingSignIn {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

/** What the app holds for a person. Tokens stay here, on the server: the browser has only the name of the session. */
export interface AppSession {
  readonly subject: string
  readonly name: string
  tokens: Tokens
  /** How often the tokens were refreshed. */
  refreshes: number
  /** What to say on the next page, once. */
  notice: string | undefined
}

export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string | undefined
  readonly scope: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** Values under random names that run out; the oldest goes when there are too many. */
export interface Shelf<T> {
  /** Puts the value away and gives its name: 32 random bytes in base64url. */
  put(value: T): string
  find(name: string | undefined): T | undefined
  /** Gives the value and forgets it. */
  take(name: string | undefined): T | undefined
}

/** Makes a shelf in memory. A real application keeps this in its database. */
export function createShelf<T>(lifetimeSeconds: number): Shelf<T> {
  const held = new Map<string, { readonly value: T; readonly until: number }>()
  const find = (name: string | undefined) => {
    const entry = name === undefined ? undefined : held.get(name)
    return entry === undefined || entry.until < Date.now() ? undefined : entry.value
  }
  return {
    put(value) {
      const oldest = held.keys().next()
      if (held.size >= MOST && oldest.done !== true) held.delete(oldest.value)
      const name = randomBytes(32).toString('base64url')
      held.set(name, { value, until: Date.now() + lifetimeSeconds * 1000 })
      return name
    },
    find,
    take(name) {
      const value = find(name)
      if (name !== undefined) held.delete(name)
      return value
    },
  }
}

const MOST = 1000
