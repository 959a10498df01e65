import { AuthorityError } from '@jotwarden/authority'

/** How many answers may be open at once, and whose they are. */
export class Places {
  readonly #limit: number
  readonly #taken = new Map<string, number>()
  #total = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Takes a place; what it answers gives it back. Throws `oauth/temporarily_unavailable`. */
  take(client: string): () => void {
    const own = this.#taken.get(client) ?? 0
    if (this.#total >= this.#limit) throw full('the server')
    if (own >= MOST_OF_ONE_CLIENT) throw full('the client')
    this.#total += 1
    this.#taken.set(client, own + 1)
    return () => this.#leave(client)
  }

  #leave(client: string): void {
    this.#total -= 1
    const left = (this.#taken.get(client) ?? 0) - 1
    if (left > 0) this.#taken.set(client, left)
    else this.#taken.delete(client)
  }
}

function full(whose: string): AuthorityError {
  return new AuthorityError(
    'oauth/temporarily_unavailable',
    `Cannot open the feed: ${whose} has as many streams as it may`,
  )
}

const MOST_OF_ONE_CLIENT = 100
