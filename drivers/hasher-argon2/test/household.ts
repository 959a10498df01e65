import { randomBytes } from 'node:crypto'
import { createLocalAccounts, type PasswordHasher } from '@jotwarden/authority'
import type { AccountsUnderTest } from '@jotwarden/conformance'
import { type Argon2Cost, createArgon2Hasher } from '@jotwarden/hasher-argon2'
import { createMemoryStores } from '@jotwarden/store-memory'
import { Secret } from '@jotwarden/token'

/** The authority's own accounts, whose answers for unknown names need a hasher that is no stand-in. */
export async function household(hasher: PasswordHasher): Promise<AccountsUnderTest> {
  const stores = createMemoryStores()
  const store = createLocalAccounts({
    issuer: 'https://issuer.example',
    records: stores.accounts,
    hasher,
    clock: { now: () => 1_800_000_000 },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
  })
  const password = PASSWORD
  const [ada, mary] = [
    await store.add({ username: 'ada', password: Secret.fromText(password) }),
    await store.add({ username: 'mary', password: Secret.fromText(password) }),
  ]
  await store.disable('mary')
  return {
    store,
    enabled: { subject: ada.subject, username: 'ada', password },
    disabled: { subject: mary.subject, username: 'mary', password },
    async close() {
      await hasher.close()
      await stores.close()
    },
  }
}

export function hasherOf(parameters: Argon2Cost): PasswordHasher {
  return createArgon2Hasher({ parameters, queueLimit, danger: { allowWeakParameters: true } })
}

export const PASSWORD = 'correct horse battery'
export const queueLimit = 4
