import { argon2Sync, randomBytes } from 'node:crypto'
import {
  createAccountImport,
  createLocalAccounts,
  type ImportedAccount,
  type PasswordHasher,
} from '@jotwarden/authority'
import { createImportedHasher, examineHash } from '@jotwarden/hasher-imported'
import { createMemoryStores } from '@jotwarden/store-memory'
import { Secret } from '@jotwarden/token'

/** Accounts, two of them imported with each of the hashes: one enabled, one disabled. */
export async function household(hashes: readonly string[], m = 8192) {
  const stores = createMemoryStores()
  const own = argon2Stand(m)
  const hasher = createImportedHasher({
    own,
    costliest: () => stores.accounts.costliestImported(ISSUER),
    queueLimit,
  })
  const parts = {
    issuer: ISSUER,
    records: stores.accounts,
    hasher,
    clock: { now: () => 1_800_000_000 },
    random: { bytes: (length: number) => new Uint8Array(randomBytes(length)) },
  }
  const store = createLocalAccounts(parts)
  const people = createAccountImport({ ...parts, clients: stores.clients })
  const imported = (username: string, hash: string, disabled: boolean): ImportedAccount => {
    return { username, disabled, password: { hash, work: examineHash(hash).work } }
  }
  for (const [place, hash] of hashes.entries()) {
    await people.add([await people.prepare(imported(`enabled-${place}`, hash, false))])
    await people.add([await people.prepare(imported(`disabled-${place}`, hash, true))])
  }
  return {
    store,
    stores,
    hasher,
    async close() {
      await hasher.close()
      await stores.close()
    },
  }
}

/** argon2id of this test's own, one at a time: drivers do not import each other, and the app shows them together. */
export function argon2Stand(m: number): PasswordHasher {
  let underWay = 0
  let last: Promise<unknown> = Promise.resolve()
  const derive = (password: Secret, salt: Uint8Array, cost: number): Promise<string> => {
    const bytes = password.reveal()
    const spoilt = bytes.length > 1024 || Buffer.from(password.revealText()).compare(bytes) !== 0
    if (spoilt) return Promise.reject(Object.assign(new Error('unfit'), { code: 'hasher/password' }))
    if (underWay >= queueLimit)
      return Promise.reject(Object.assign(new Error('full'), { code: 'hasher/busy' }))
    underWay += 1
    const answer = last.then(() => {
      const options = { message: bytes, nonce: salt, memory: cost, passes: 2, parallelism: 1, tagLength: 32 }
      const hash = argon2Sync('argon2id', options)
      underWay -= 1
      return `$argon2id$v=19$m=${cost},t=2,p=1$${unpadded(salt)}$${unpadded(hash)}`
    })
    last = answer.then(() => new Promise((resolve) => setImmediate(resolve)))
    return answer
  }
  return {
    hash: (password) => derive(password, new Uint8Array(randomBytes(16)), m),
    async verify(password, phc) {
      const [, cost, salt] = /^\$argon2id\$v=19\$m=(\d+),t=2,p=1\$([^$]{22})\$[^$\n]{43}$/.exec(phc) ?? []
      if (salt === undefined) throw new Error('malformed')
      const made = await derive(password, new Uint8Array(Buffer.from(salt, 'base64')), Number(cost)).catch(
        (error) => {
          if (error.code === 'hasher/password') return ''
          throw error
        },
      )
      return made === phc ? 'match' : 'mismatch'
    },
    close: async () => undefined,
  }
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}

export const secret = (text: string): Secret => Secret.fromText(text)
export const ISSUER = 'https://issuer.example'
export const queueLimit = 4
