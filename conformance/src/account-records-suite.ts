import { equal } from 'node:assert/strict'
import {
  type AccountOutcome,
  type AccountRecord,
  NOTHING,
  noted,
  type Recorder,
  type Stores,
} from '@jotwarden/authority'
import { claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { erasure } from './erasure.ts'
import { manyAccounts } from './many-accounts.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import {
  ISSUER,
  sampleAccount,
  sampleConsent,
  sampleEvent,
  sampleRotation,
  sampleSession,
  T0,
} from './samples.ts'
import { redeemed, signedIn } from './signed-in.ts'

/** What `AccountRecords` promises. */
export function accountRecordsSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('AccountRecords', driver, runner)

  claim(
    'find and findByUsername give the account as added; usernames are compared as given',
    async (stores) => {
      const account = sampleAccount({ username: 'ada' })
      const bare = sampleAccount({ username: 'Ada', name: null, email: null, emailVerified: false })
      equal(await stores.accounts.add(ISSUER, account, []), 'added')
      equal(await stores.accounts.add(ISSUER, bare, []), 'added')
      same(await stores.accounts.find(ISSUER, account.subject), account)
      same(await stores.accounts.findByUsername(ISSUER, 'ada'), account)
      same(await stores.accounts.findByUsername(ISSUER, 'Ada'), bare)
      equal(await stores.accounts.findByUsername(ISSUER, 'ADA'), undefined)
      equal(await stores.accounts.find(ISSUER, 'usr_nobody'), undefined)
    },
  )

  for (const shared of ['username', 'subject'] as const) {
    claim(`of 50 concurrent adds with one ${shared} exactly one is added and recorded`, async (stores) => {
      const value = sampleAccount()[shared]
      const accounts = Array.from({ length: 50 }, () => sampleAccount({ [shared]: value }))
      const answers = await Promise.all(
        accounts.map((account, caller) =>
          stores.accounts.add(ISSUER, account, [
            sampleEvent({ type: 'account-added', cause: `Caller ${caller}` }),
          ]),
        ),
      )
      same(tally(answers), { added: 1, exists: 49 })
      const winner = answers.indexOf('added')
      same(await stores.accounts.list(ISSUER), [accounts[winner]])
      const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
      same(
        events.map((event) => event.cause),
        [`Caller ${winner}`],
      )
    })
  }

  manyAccounts(claim)
  erasure(claim)

  claim('list gives all accounts by username', async ({ accounts }) => {
    for (const username of ['mary', 'zoe', 'ada']) await accounts.add(ISSUER, sampleAccount({ username }), [])
    same(
      (await accounts.list(ISSUER)).map((account) => account.username),
      ['ada', 'mary', 'zoe'],
    )
  })

  claim('rehash replaces only the hash it names; of 20 from one hash exactly one is done', async (stores) => {
    const { account, session } = await signedIn(stores)
    const answers = await race(20, (caller) =>
      stores.accounts.rehash(ISSUER, account.subject, account.passwordHash, `hash-${caller}`),
    )
    same(tally(answers), { done: 1, stale: 19 })
    const after = await stores.accounts.find(ISSUER, account.subject)
    same(after, { ...account, passwordHash: `hash-${answers.indexOf('done')}` })
    equal(await stores.accounts.rehash(ISSUER, account.subject, account.passwordHash, 'late'), 'stale')
    equal(await stores.accounts.rehash(ISSUER, 'usr_nobody', 'a', 'b'), 'stale')
    same(await stores.accounts.find(ISSUER, account.subject), after)
    equal((await stores.sessions.find(ISSUER, session.id))?.endedAt, null)
  })

  claim('every password change and disabling moves credentialVersion by one', async ({ accounts }) => {
    const account = sampleAccount({ credentialVersion: 7 })
    await accounts.add(ISSUER, account, [])
    await race(20, (caller): Promise<unknown> => {
      if (caller % 2 === 0) return accounts.disable(ISSUER, account.subject, T0 + 5, () => NOTHING)
      return accounts.changePassword(ISSUER, account.subject, `hash-${caller}`, T0 + 5, () => NOTHING)
    })
    equal((await accounts.find(ISSUER, account.subject))?.credentialVersion, 27)
  })

  claim('a rehash that races a password change never undoes it', async (stores) => {
    const { account } = await signedIn(stores)
    await race(20, (caller): Promise<unknown> => {
      if (caller === 10)
        return stores.accounts.changePassword(ISSUER, account.subject, 'changed', T0 + 5, () => NOTHING)
      return stores.accounts.rehash(ISSUER, account.subject, account.passwordHash, 'rehashed')
    })
    equal((await stores.accounts.find(ISSUER, account.subject))?.passwordHash, 'changed')
  })

  for (const { act, cause, after } of endingActs) {
    claim(
      `${act} changes the account, ends logins and sessions, voids codes, all of one subject`,
      async (stores) => {
        const own = await signedIn(stores)
        const other = await signedIn(stores)
        const recorded: AccountOutcome[] = []
        const outcome = await perform(stores, act, own.account.subject, (given) => {
          recorded.push(given)
          return noted(sampleEvent({ type: 'account-disabled', subject: own.account.subject, cause: given }))
        })

        equal(outcome, 'done')
        same([...new Set(recorded)], ['done'])
        same(await stores.accounts.find(ISSUER, own.account.subject), after(own.account))
        equal((await stores.logins.find(ISSUER, own.login.cookieHash))?.endedAt, T0 + 5)
        const session = await stores.sessions.find(ISSUER, own.session.id)
        same([session?.endedAt, session?.endCause], [T0 + 5, cause])
        equal(await redeemed(stores, own.code.hash), 'refused')
        const events = await stores.events.list(ISSUER, { after: 0, limit: 10 })
        same(
          events.map((event) => event.cause),
          ['done'],
        )

        same(await stores.accounts.find(ISSUER, other.account.subject), other.account)
        equal((await stores.logins.find(ISSUER, other.login.cookieHash))?.endedAt, null)
        equal((await stores.sessions.find(ISSUER, other.session.id))?.endedAt, null)
        equal(await redeemed(stores, other.code.hash), 'redeemed')
      },
    )

    claim(`${act} of an unknown subject is recorded and changes nothing`, async (stores) => {
      const session = sampleSession({ subject: 'usr_nobody' })
      await stores.sessions.start(ISSUER, session, [])
      const outcome = await perform(stores, act, 'usr_nobody', (given) =>
        noted(sampleEvent({ cause: given })),
      )
      equal(outcome, 'unknown')
      same(await stores.sessions.find(ISSUER, session.id), session)
      equal((await stores.events.list(ISSUER, { after: 0, limit: 10 }))[0]?.cause, 'unknown')
    })

    claim(`a rotation and a redemption that race ${act} never survive it`, async (stores) => {
      const { account, session, code } = await signedIn(stores)
      const fresh = sampleSession({ subject: account.subject })
      await race(30, (caller): Promise<unknown> => {
        if (caller === 14) return perform(stores, act, account.subject, () => NOTHING)
        if (caller === 15) return stores.codes.redeem(ISSUER, code.hash, fresh, T0 + 5, () => NOTHING)
        const rotation = sampleRotation({ session: session.id, now: T0 + 5 })
        return stores.sessions.rotate(ISSUER, rotation, () => NOTHING)
      })
      same(await stores.sessions.list(ISSUER, { subject: account.subject }, T0 + 6), [])
    })
  }

  claim(
    'enable lets in again, leaves credentialVersion where disable moved it, and says when there is nobody',
    async (stores) => {
      const { account } = await signedIn(stores)
      await stores.accounts.disable(ISSUER, account.subject, T0 + 5, () => NOTHING)
      const record: Recorder<AccountOutcome> = (given) =>
        noted(sampleEvent({ type: 'account-enabled', cause: given }))
      equal(await stores.accounts.enable(ISSUER, account.subject, record), 'done')
      equal(await stores.accounts.enable(ISSUER, 'usr_nobody', record), 'unknown')
      same(await stores.accounts.find(ISSUER, account.subject), { ...account, credentialVersion: 1 })
      const events = await stores.events.list(ISSUER, { after: 0, limit: 10 })
      same(
        events.map((event) => event.cause),
        ['done', 'unknown'],
      )
    },
  )

  claim('remove removes the consents of the subject too, and no others', async (stores) => {
    const { account } = await signedIn(stores)
    await stores.consents.give(ISSUER, sampleConsent({ subject: account.subject }), 0, [])
    await stores.consents.give(ISSUER, sampleConsent(), 0, [])
    await stores.accounts.remove(ISSUER, account.subject, T0 + 5, () => NOTHING)
    equal(await stores.consents.find(ISSUER, account.subject, 'ledger'), undefined)
    same(await stores.consents.find(ISSUER, sampleConsent().subject, 'ledger'), sampleConsent())
  })
}

type EndingAct = 'changePassword' | 'disable' | 'remove'

const endingActs: readonly {
  readonly act: EndingAct
  readonly cause: string
  readonly after: (account: AccountRecord) => AccountRecord | undefined
}[] = [
  {
    act: 'changePassword',
    cause: 'password-changed',
    after: (account) => ({
      ...account,
      passwordHash: 'changed',
      credentialVersion: account.credentialVersion + 1,
    }),
  },
  {
    act: 'disable',
    cause: 'account-disabled',
    after: (account) => ({ ...account, disabled: true, credentialVersion: account.credentialVersion + 1 }),
  },
  { act: 'remove', cause: 'account-removed', after: () => undefined },
]

function perform(
  stores: Stores,
  act: EndingAct,
  subject: string,
  record: Recorder<AccountOutcome>,
): Promise<AccountOutcome> {
  if (act === 'changePassword')
    return stores.accounts.changePassword(ISSUER, subject, 'changed', T0 + 5, record)
  return stores.accounts[act](ISSUER, subject, T0 + 5, record)
}
