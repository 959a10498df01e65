import { equal } from 'node:assert/strict'
import {
  type AccountOutcome,
  type AccountRecord,
  accountErased,
  NOTHING,
  noted,
  type Recorder,
  type Stores,
} from '@jotwarden/authority'
import { claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import {
  ISSUER,
  sampleAccount,
  sampleCode,
  sampleConsent,
  sampleEvent,
  sampleLogin,
  sampleRotation,
  sampleSession,
  T0,
} from './samples.ts'

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

  claim('addAll adds all with their events, or none of them and says who is in the way', async (stores) => {
    const { accounts, events } = stores
    const [ada, mary, zoe] = [sampleAccount(), sampleAccount(), sampleAccount()]
    const added = [sampleEvent({ type: 'account-added', subject: ada.subject })]
    same(await accounts.addAll(ISSUER, [ada, mary], added), { outcome: 'added' })
    const [sameName, sameSubject] = [
      sampleAccount({ username: ada.username }),
      sampleAccount({ subject: mary.subject }),
    ]
    same(await accounts.addAll(ISSUER, [zoe, sameName, sameSubject], added), {
      outcome: 'exists',
      taken: [sameName, sameSubject],
    })
    const twin = sampleAccount({ username: zoe.username })
    same(await accounts.addAll(ISSUER, [zoe, twin], added), { outcome: 'exists', taken: [twin] })
    const usernames = (await accounts.list(ISSUER)).map(({ username }) => username)
    same(usernames, [ada.username, mary.username].toSorted())
    equal(await events.last(ISSUER), 1)
  })

  claim(
    'of 10 concurrent addAll that share one username exactly one adds, and adds all',
    async ({ accounts }) => {
      const { username } = sampleAccount()
      const batches = Array.from({ length: 10 }, () => [sampleAccount(), sampleAccount({ username })])
      const answers = await Promise.all(batches.map((batch) => accounts.addAll(ISSUER, batch, [])))
      same(tally(answers.map(({ outcome }) => outcome)), { added: 1, exists: 9 })
      const winner = batches[answers.findIndex(({ outcome }) => outcome === 'added')] ?? []
      const kept = await accounts.list(ISSUER)
      same(
        kept,
        [...winner].toSorted((a, b) => (a.username < b.username ? -1 : 1)),
      )
    },
  )

  claim(
    'costliestImported gives the imported hash with the most work until it is made anew',
    async (stores) => {
      const { accounts } = stores
      equal(await accounts.costliestImported(ISSUER), undefined)
      const work = { slow: 250, slower: 300, quick: 0.5 }
      const held = Object.entries(work).map(([passwordHash, importedWork]) =>
        sampleAccount({ passwordHash, importedWork }),
      )
      await accounts.addAll(ISSUER, [sampleAccount(), ...held], [])
      const [slow, slower, quick] = held.map(({ subject }) => subject)
      equal(await accounts.costliestImported(ISSUER), 'slower')
      same((await accounts.find(ISSUER, slow ?? ''))?.importedWork, 250)
      equal(await accounts.rehash(ISSUER, slower ?? '', 'slower', 'own'), 'done')
      equal('importedWork' in ((await accounts.find(ISSUER, slower ?? '')) ?? {}), false)
      equal(await accounts.costliestImported(ISSUER), 'slow')
      await accounts.changePassword(ISSUER, slow ?? '', 'own', T0 + 5, () => NOTHING)
      equal(await accounts.costliestImported(ISSUER), 'quick')
      await accounts.remove(ISSUER, quick ?? '', T0 + 5, () => NOTHING)
      equal(await accounts.costliestImported(ISSUER), undefined)
    },
  )

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

  claim(
    'erase deletes every row of the subject and no other, and leaves events and marks',
    async (stores) => {
      const [own, other] = [await signedIn(stores), await signedIn(stores)]
      for (const { account } of [own, other])
        await stores.consents.give(ISSUER, sampleConsent({ subject: account.subject }), [
          sampleEvent({ subject: account.subject }),
        ])
      const { subject } = own.account
      const before = await stores.events.list(ISSUER, { after: 0, limit: 10 })
      equal(
        await stores.accounts.erase(ISSUER, subject, () => accountErased(subject, 'administrator', T0 + 5)),
        'done',
      )

      equal(await stores.accounts.find(ISSUER, subject), undefined)
      equal(await stores.logins.find(ISSUER, own.login.cookieHash), undefined)
      equal(await stores.sessions.find(ISSUER, own.session.id), undefined)
      equal(await stores.consents.find(ISSUER, subject, sampleConsent().client), undefined)
      const redeeming = stores.codes.redeem(ISSUER, own.code.hash, sampleSession(), T0 + 6, () => NOTHING)
      equal((await redeeming).outcome, 'unknown')
      const events = await stores.events.list(ISSUER, { after: 0, limit: 10 })
      same(events.slice(0, before.length), before)
      same(
        events.slice(before.length).map(({ type, subject: whose, cause }) => [type, whose, cause]),
        [
          ['account-erased', subject, 'administrator'],
          ['subject-revoked', subject, 'account-erased'],
        ],
      )
      equal(await stores.revocation.lastMark(ISSUER, { subject }), 1)

      same(await stores.accounts.find(ISSUER, other.account.subject), other.account)
      equal((await stores.logins.find(ISSUER, other.login.cookieHash))?.endedAt, null)
      equal((await stores.sessions.find(ISSUER, other.session.id))?.endedAt, null)
      equal(await redeemed(stores, other.code.hash), 'redeemed')
      equal(
        (await stores.consents.find(ISSUER, other.account.subject, sampleConsent().client))?.subject,
        other.account.subject,
      )
    },
  )

  claim('erase of an unknown subject is recorded and changes nothing', async (stores) => {
    const session = sampleSession({ subject: 'usr_nobody' })
    await stores.sessions.start(ISSUER, session, [])
    const outcome = await stores.accounts.erase(ISSUER, 'usr_nobody', (given) =>
      noted(sampleEvent({ cause: given })),
    )
    equal(outcome, 'unknown')
    same(await stores.sessions.find(ISSUER, session.id), session)
    equal((await stores.events.list(ISSUER, { after: 0, limit: 10 }))[0]?.cause, 'unknown')
  })

  claim('what races erase never outlives it: no login, session or rehash comes after', async (stores) => {
    const { account, session, code, login } = await signedIn(stores)
    const { subject } = account
    await race(30, (caller): Promise<unknown> => {
      if (caller === 12)
        return stores.accounts.erase(ISSUER, subject, () => accountErased(subject, 'administrator', T0 + 5))
      if (caller === 13)
        return stores.codes.redeem(ISSUER, code.hash, sampleSession({ subject }), T0 + 5, () => NOTHING)
      if (caller % 3 === 0) return stores.accounts.rehash(ISSUER, subject, account.passwordHash, 'rehashed')
      if (caller % 3 === 1) return stores.logins.start(ISSUER, sampleLogin({ subject }), login.id, [])
      return stores.sessions.rotate(
        ISSUER,
        sampleRotation({ session: session.id, now: T0 + 5 }),
        () => NOTHING,
      )
    })
    same(await stores.sessions.list(ISSUER, { subject }, T0 + 6), [])
    equal(await stores.accounts.find(ISSUER, subject), undefined)
    equal(await stores.logins.start(ISSUER, sampleLogin({ subject }), null, []), 'revoked')
  })

  claim('of 10 concurrent calls to erase one subject exactly one is done', async ({ accounts }) => {
    const account = sampleAccount()
    await accounts.add(ISSUER, account, [])
    same(tally(await race(10, () => accounts.erase(ISSUER, account.subject, () => NOTHING))), {
      done: 1,
      unknown: 9,
    })
  })

  claim('remove removes the consents of the subject too, and no others', async (stores) => {
    const { account } = await signedIn(stores)
    await stores.consents.give(ISSUER, sampleConsent({ subject: account.subject }), [])
    await stores.consents.give(ISSUER, sampleConsent(), [])
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

/** Somebody with a login, and a session and an unused code under it. */
async function signedIn(stores: Stores) {
  const account = sampleAccount()
  const login = sampleLogin({ subject: account.subject })
  const session = sampleSession({ subject: account.subject, login: login.id })
  const code = sampleCode({ subject: account.subject, login: login.id })
  await stores.accounts.add(ISSUER, account, [])
  await stores.logins.start(ISSUER, login, null, [])
  await stores.sessions.start(ISSUER, session, [])
  await stores.codes.issue(ISSUER, code, [])
  return { account, login, session, code }
}

async function redeemed(stores: Stores, hash: string): Promise<string> {
  return (await stores.codes.redeem(ISSUER, hash, sampleSession(), T0 + 6, () => NOTHING)).outcome
}
