import { type ClientSecret, isUseDue } from './client-secret.ts'
import type { ClientStore } from './client-store.ts'

/** Remembers when secrets were last shown. */
export interface SecretUses {
  /** Never throws, and nobody waits for it: a use that cannot be noted must not refuse anybody. */
  note(client: string, secret: ClientSecret, now: number): void
}

export function createSecretUses(issuer: string, clients: ClientStore): SecretUses {
  const tried = new Map<string, number>()
  return {
    note(client, secret, now) {
      if (!isUseDue(secret, now)) return
      const key = `${client}\0${secret.id}`
      if (now - (tried.get(key) ?? Number.NEGATIVE_INFINITY) < RETRY) return
      if (tried.size >= MOST_TRIED) tried.clear()
      tried.set(key, now)
      clients.noteSecretUse(issuer, client, secret.id, now).catch(() => undefined)
    },
  }
}

/** Seconds after which a use is noted again when the store did not take it. */
const RETRY = 60
const MOST_TRIED = 10_000
