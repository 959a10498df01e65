import { randomBytes } from 'node:crypto'
import { createLocalAccounts, type PasswordHasher } from '@jotwarden/authority'
import { createMemoryStores } from '@jotwarden/store-memory'
import { Secret } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { ISSUER, outcome, PASSWORD } from './world.ts'

const secret = (text: string) => Secret.fromText(text)

function household(hasher: Partial<PasswordHasher> = {}) {
  const verified: string[] = []
  const stores = createMemoryStores()
  const accounts = createLocalAccounts({
    issuer: ISSUER,
    records: stores.accounts,
    clock: { now: () => 1_800_000_000 },
    random: { bytes: (length) => new Uint8Array(randomBytes(length)) },
    hasher: {
      hash: async (password) => `new$${password.revealText()}`,
      verify: async (password, phc) => {
        verified.push(phc)
        if (phc === `new$${password.revealText()}`) return 'match'
        return phc === `old$${password.revealText()}` ? 'match-rehash' : 'mismatch'
      },
      close: async () => {},
      ...hasher,
    },
  })
  return { stores, accounts, verified }
}

describe('verifyPassword()', () => {
  test('accepts the name in any case and Unicode form', async () => {
    const { accounts } = household()
    await accounts.add({ username: 'Zoë', password: secret(PASSWORD) })
    for (const name of ['zoë', 'ZOË', 'Zoe\u0308']) {
      expect((await accounts.verifyPassword(name, secret(PASSWORD))).verdict).toBe('accepted')
    }
  })

  test('works as hard for an unknown name as for a wrong password', async () => {
    const { accounts, verified } = household()
    await accounts.add({ username: 'ada', password: secret(PASSWORD) })
    await accounts.verifyPassword('ada', secret('wrong'))
    await accounts.verifyPassword('nobody', secret('wrong'))
    expect(verified).toHaveLength(2)
    expect(new Set(verified).size).toBe(2)
  })

  test('rehashes an old hash once the password is known, and never over a newer one', async () => {
    const { accounts, stores } = household()
    const { subject } = await accounts.add({ username: 'ada', password: secret(PASSWORD) })
    await stores.accounts.rehash(ISSUER, subject, `new$${PASSWORD}`, `old$${PASSWORD}`)
    expect((await accounts.verifyPassword('ada', secret(PASSWORD))).verdict).toBe('accepted')
    expect((await stores.accounts.find(ISSUER, subject))?.passwordHash).toBe(`new$${PASSWORD}`)
    expect(await stores.accounts.rehash(ISSUER, subject, `old$${PASSWORD}`, 'undone')).toBe('stale')
  })

  test('says busy when the hasher’s queue is full, and nothing about the password', async () => {
    const busy = Object.assign(new Error('full'), { code: 'hasher/busy' })
    const { accounts } = household({ verify: () => Promise.reject(busy) })
    await accounts.add({ username: 'ada', password: secret(PASSWORD) })
    expect(await accounts.verifyPassword('ada', secret(PASSWORD))).toEqual({ verdict: 'busy' })
  })

  test('fails, rather than refuses, when the hasher breaks', async () => {
    const { accounts } = household({ verify: () => Promise.reject(new Error('broken')) })
    await accounts.add({ username: 'ada', password: secret(PASSWORD) })
    await expect(accounts.verifyPassword('ada', secret(PASSWORD))).rejects.toThrow('broken')
  })
})

describe('administration', () => {
  const BAD = [
    ['a space in the username', { username: 'a b', password: PASSWORD }],
    ['an empty username', { username: '', password: PASSWORD }],
    ['a control character', { username: 'a\u0000', password: PASSWORD }],
    ['eleven characters', { username: 'ada', password: 'short-short' }],
    ['257 characters', { username: 'ada', password: 'p'.repeat(257) }],
    ['a malformed e-mail', { username: 'ada', email: 'ada', password: PASSWORD }],
  ] as const
  for (const [name, { password, ...rest }] of BAD) {
    test(`add() refuses ${name}`, async () => {
      const { accounts } = household()
      expect(await outcome(accounts.add({ ...rest, password: secret(password) }))).toBe(
        'authority/account-invalid',
      )
      expect(await accounts.list()).toEqual([])
    })
  }

  test('usernames are unique whatever their case; unknown ones are told', async () => {
    const { accounts } = household()
    await accounts.add({ username: 'ada', password: secret(PASSWORD) })
    expect(await outcome(accounts.add({ username: 'ADA', password: secret(PASSWORD) }))).toBe(
      'authority/account-exists',
    )
    for (const act of [accounts.disable, accounts.enable, accounts.remove]) {
      expect(await outcome(act('nobody'))).toBe('authority/account-unknown')
    }
    expect(await outcome(accounts.changePassword('nobody', secret(PASSWORD)))).toBe(
      'authority/account-unknown',
    )
  })

  test('a changed password counts at once, and the hash is never in a list', async () => {
    const { accounts } = household()
    await accounts.add({ username: 'ada', password: secret(PASSWORD) })
    await accounts.changePassword('ada', secret('another good phrase'))
    expect((await accounts.verifyPassword('ada', secret(PASSWORD))).verdict).toBe('refused')
    expect((await accounts.verifyPassword('ada', secret('another good phrase'))).verdict).toBe('accepted')
    expect(JSON.stringify(await accounts.list())).not.toContain('$')
  })

  test('a subject is random and is no client’s id', async () => {
    const { accounts } = household()
    expect((await accounts.add({ username: 'ada', password: secret(PASSWORD) })).subject).toMatch(
      /^usr_[\w-]{22}$/,
    )
  })
})
