import type { AccountStore, PasswordHasher } from '@jotwarden/authority'
import { type AccountsUnderTest, accountStoreSuite, passwordHasherSuite } from '@jotwarden/conformance'
import { Secret } from '@jotwarden/token'
import { expect, test } from 'vitest'
import { hasherOf, household, PASSWORD, queueLimit } from './household.ts'

/** Hashers that break one promise each, and the claim that must notice. */
const hashers: readonly (readonly [string, string, (hasher: PasswordHasher) => Partial<PasswordHasher>])[] = [
  ['keeps its promises', '', () => ({})],
  ['matches everything', 'verify calls every other password', () => ({ verify: async () => 'match' })],
  [
    'salts once',
    'hash gives a PHC string with a fresh salt',
    (hasher) => {
      let first: Promise<string> | undefined
      return {
        hash(password) {
          first ??= hasher.hash(password)
          return first
        },
      }
    },
  ],
  [
    'calls a malformed hash a mismatch',
    'verify rejects a malformed',
    (hasher) => ({ verify: (...given) => hasher.verify(...given).catch(() => 'mismatch') }),
  ],
  [
    'never asks for a rehash',
    'verify asks for a rehash',
    (hasher) => ({
      verify: async (...given) => ((await hasher.verify(...given)) === 'mismatch' ? 'mismatch' : 'match'),
    }),
  ],
  [
    'queues without end',
    'a full queue rejects at once',
    (hasher) => {
      let last: Promise<unknown> = Promise.resolve()
      const inTurn = <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
        const answer = last.then(work, work)
        last = answer
        return answer
      }
      return {
        hash: (password) => inTurn(() => hasher.hash(password)),
        verify: (...given) => inTurn(() => hasher.verify(...given)),
      }
    },
  ],
]

test.each(hashers)('passwordHasherSuite, of a hasher that %s, refuses "%s"', async (_, claim, breach) => {
  const failed = await failures((runner) =>
    passwordHasherSuite(
      {
        open: async () => broken(hasherOf({ m: 64, t: 2, p: 1 }), breach),
        openOlder: async () => hasherOf({ m: 64, t: 1, p: 1 }),
        queueLimit,
      },
      runner,
    ),
  )
  expectNoticed(failed, 'PasswordHasher', claim)
})

test('accountStoreSuite refuses accounts whose hasher cannot take the stand-in of an unknown name', async () => {
  const notText = Secret.fromBytes(Uint8Array.of(0xff, 0xfe))
  const failed = await failuresOfAccounts(
    () => ({}),
    (hasher) => ({
      hash: (password) => hasher.hash(password.revealText() === PASSWORD ? password : notText),
    }),
  )
  expectNoticed(failed, 'AccountStore', 'verifyPassword refuses an unknown name')
})

/** Accounts that break one promise each, and the claim that must notice. */
const stores: readonly (readonly [string, string, (opened: AccountsUnderTest) => Partial<AccountStore>])[] = [
  ['keep their promises', '', () => ({})],
  [
    'answer unknown names without work',
    'verifyPassword takes about one time',
    ({ store }) => ({
      verifyPassword: async (username, password) =>
        username.startsWith('nobody') ? { verdict: 'refused' } : store.verifyPassword(username, password),
    }),
  ],
  [
    'say who is disabled',
    'verifyPassword refuses a disabled account with its right password',
    ({ store, disabled }) => ({
      async verifyPassword(username, password) {
        const verdict = await store.verifyPassword(username, password)
        return username === disabled.username ? { ...verdict, reason: 'disabled' } : verdict
      },
    }),
  ],
  [
    'refuse where they are busy',
    'verifyPassword says busy',
    ({ store }) => ({
      async verifyPassword(...given) {
        const verdict = await store.verifyPassword(...given)
        return verdict.verdict === 'busy' ? { verdict: 'refused' } : verdict
      },
    }),
  ],
  [
    'hide disabled accounts',
    'find gives disabled accounts too',
    ({ store }) => ({
      async find(subject) {
        const account = await store.find(subject)
        return account?.disabled === true ? undefined : account
      },
    }),
  ],
]

test.each(stores)('accountStoreSuite, of accounts that %s, refuses "%s"', async (_, claim, breach) => {
  expectNoticed(await failuresOfAccounts(breach, () => ({})), 'AccountStore', claim)
})

function failuresOfAccounts(
  breach: (opened: AccountsUnderTest) => Partial<AccountStore>,
  breachOfHasher: (hasher: PasswordHasher) => Partial<PasswordHasher>,
): Promise<readonly string[]> {
  const open = async (): Promise<AccountsUnderTest> => {
    const opened = await household(broken(hasherOf({ m: 8192, t: 1, p: 1 }), breachOfHasher))
    const { store } = opened
    const whole = { verifyPassword: store.verifyPassword, find: store.find }
    return { ...opened, store: { ...whole, ...breach(opened) } }
  }
  return failures((runner) => accountStoreSuite({ open, queueLimit }, runner))
}

function broken(
  hasher: PasswordHasher,
  breach: (hasher: PasswordHasher) => Partial<PasswordHasher>,
): PasswordHasher {
  return {
    hash: (password) => hasher.hash(password),
    verify: (...given) => hasher.verify(...given),
    close: () => hasher.close(),
    ...breach(hasher),
  }
}

type Run = () => Promise<void>

/** The names of the claims that do not hold. */
async function failures(
  suite: (runner: { test(name: string, run: Run): void }) => void,
): Promise<readonly string[]> {
  const tests: (readonly [string, Run])[] = []
  suite({ test: (name, run) => void tests.push([name, run]) })
  const failed: string[] = []
  for (const [name, run] of tests) await run().catch(() => failed.push(name))
  return failed
}

function expectNoticed(failed: readonly string[], port: string, claim: string): void {
  if (claim === '') expect(failed).toEqual([])
  else expect(failed.filter((name) => name.startsWith(`${port}: ${claim}`))).not.toEqual([])
}
