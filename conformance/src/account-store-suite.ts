import { equal, ok } from 'node:assert/strict'
import type { AccountStore, PasswordVerdict } from '@jotwarden/authority'
import { Secret } from '@jotwarden/token'
import { claimsOf } from './claim.ts'
import type { Runner } from './driver.ts'
import { race } from './race.ts'
import { same } from './same.ts'

/** The accounts under test. */
export interface AccountStoreDriver {
  /** Opens accounts that have answered nobody yet, with the two people that the suite asks about. */
  open(): Promise<AccountsUnderTest>
  /** How many checks may be under way at once; left out where there is no bound. */
  readonly queueLimit?: number
}

export interface AccountsUnderTest {
  readonly store: AccountStore
  /** Somebody who may sign in, and somebody who is disabled. */
  readonly enabled: KnownPerson
  readonly disabled: KnownPerson
  close(): Promise<void>
}

export interface KnownPerson {
  readonly subject: string
  readonly username: string
  readonly password: string
}

/** What `AccountStore` promises. */
export function accountStoreSuite(driver: AccountStoreDriver, runner: Runner): void {
  const claim = claimsOf<AccountsUnderTest>('AccountStore', driver, runner)

  claim('verifyPassword accepts the right password with the account that find gives', async (accounts) => {
    const { store, enabled } = accounts
    const verdict = await check(store, enabled.username, enabled.password)
    ok(verdict.verdict === 'accepted')
    same([verdict.account.subject, verdict.account.disabled], [enabled.subject, false])
    same(await store.find(enabled.subject), verdict.account)
  })

  for (const { who, attempt } of refusals)
    claim(`verifyPassword refuses ${who}, as the first question and again`, async (accounts) => {
      const { username, password, subject } = attempt(accounts)
      for (let times = 0; times < 2; times += 1)
        sameRefusal(await accounts.store.verifyPassword(username, password), subject)
      const { store, enabled } = accounts
      equal((await check(store, enabled.username, enabled.password)).verdict, 'accepted')
    })

  claim('verifyPassword takes about one time for all whom it refuses', async (accounts) => {
    const times = new Map(timed.map((refusal) => [refusal, Number.POSITIVE_INFINITY]))
    for (let round = 0; round < 8; round += 1) {
      for (const refusal of timed) {
        const { username, password } = refusal.attempt(accounts)
        const began = performance.now()
        await accounts.store.verifyPassword(username, password)
        // The shortest of several is the work itself; whatever else the machine did makes the others longer.
        if (round > 0) times.set(refusal, Math.min(times.get(refusal) ?? 0, performance.now() - began))
      }
    }
    const shortest = [...times.values()]
    ok(Math.max(...shortest) < 4 * Math.min(...shortest), `milliseconds: ${shortest.join(', ')}`)
  })

  claim('find gives disabled accounts too, nothing for an unknown subject, and no hash', async (accounts) => {
    const { store, enabled, disabled } = accounts
    for (const person of [enabled, disabled]) {
      const account = await store.find(person.subject)
      same(
        [account?.subject, account?.username, account?.disabled],
        [person.subject, person.username, person === disabled],
      )
      for (const name of Object.keys(account ?? {})) ok(ACCOUNT_MEMBERS.has(name), name)
    }
    equal(await store.find(enabled.username), undefined)
    equal(await store.find('usr_nobody'), undefined)
  })

  const { queueLimit } = driver
  if (queueLimit === undefined) return
  claim(
    'verifyPassword says busy beyond its bound, of known and unknown names, and nothing else',
    async (all) => {
      const { store, enabled } = all
      for (const [username, verdict] of [
        ['nobody-of-this-name', 'refused'],
        [enabled.username, 'accepted'],
      ] as const) {
        const answers: readonly PasswordVerdict[] = await race(queueLimit + 20, () =>
          check(store, username, enabled.password),
        )
        const busy = answers.filter((answer) => answer.verdict === 'busy')
        ok(busy.length > 0)
        for (const answer of busy) same(answer, { verdict: 'busy' })
        for (const answer of answers) ok(answer.verdict === 'busy' || answer.verdict === verdict)
        equal((await check(store, username, enabled.password)).verdict, verdict)
      }
    },
  )
}

/** `subject`, which whoever asked is never told, is all in which two refusals may differ. */
function sameRefusal(verdict: PasswordVerdict, subject: string | undefined): void {
  ok(verdict.verdict === 'refused')
  const { subject: told, ...rest } = verdict
  same(rest, { verdict: 'refused' })
  ok(told === undefined || told === subject)
}

function check(store: AccountStore, username: string, password: string): Promise<PasswordVerdict> {
  return store.verifyPassword(username, Secret.fromText(password))
}

interface Refusal {
  readonly who: string
  readonly attempt: (accounts: AccountsUnderTest) => {
    readonly username: string
    readonly password: Secret
    readonly subject?: string
  }
}

const timed: readonly Refusal[] = [
  {
    who: 'an unknown name',
    attempt: ({ enabled }) => ({
      username: 'nobody-of-this-name',
      password: Secret.fromText(enabled.password),
    }),
  },
  {
    who: 'a wrong password',
    attempt: ({ enabled }) => ({ ...enabled, password: Secret.fromText(`${enabled.password}!`) }),
  },
  {
    who: 'a disabled account with its right password',
    attempt: ({ disabled }) => ({ ...disabled, password: Secret.fromText(disabled.password) }),
  },
  {
    who: 'a disabled account with a wrong password',
    attempt: ({ disabled }) => ({ ...disabled, password: Secret.fromText(`${disabled.password}!`) }),
  },
]

const refusals: readonly Refusal[] = [
  ...timed,
  ...['', '\0', ' ', 'n'.repeat(100_000)].map((username) => ({
    who: `${username.length} characters of ${JSON.stringify(username.slice(0, 1))} for a name`,
    attempt: ({ enabled }: AccountsUnderTest) => ({ username, password: Secret.fromText(enabled.password) }),
  })),
  ...[
    { who: 'no password', password: Secret.fromText('') },
    { who: 'a password of 100,000 characters', password: Secret.fromText('p'.repeat(100_000)) },
    { who: 'a password that is not UTF-8', password: Secret.fromBytes(Uint8Array.of(0xff, 0xfe)) },
  ].map(({ who, password }) => ({
    who,
    attempt: ({ enabled }: AccountsUnderTest) => ({ ...enabled, password }),
  })),
]

const ACCOUNT_MEMBERS: ReadonlySet<string> = new Set([
  'subject',
  'username',
  'name',
  'email',
  'emailVerified',
  'disabled',
  'credentialVersion',
])
