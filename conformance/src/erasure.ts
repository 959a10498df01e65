import { equal } from 'node:assert/strict'
import { accountErased, NOTHING, noted } from '@jotwarden/authority'
import type { Claim } from './claim.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import {
  ISSUER,
  sampleAccount,
  sampleConsent,
  sampleEvent,
  sampleLogin,
  sampleRotation,
  sampleSession,
  T0,
} from './samples.ts'
import { redeemed, signedIn } from './signed-in.ts'

/** What `AccountRecords` promises of people who are erased. */
export function erasure(claim: Claim): void {
  claim(
    'erase deletes every row of the subject and no other, and leaves events and marks',
    async (stores) => {
      const [own, other] = [await signedIn(stores), await signedIn(stores)]
      for (const { account } of [own, other])
        await stores.consents.give(ISSUER, sampleConsent({ subject: account.subject }), 0, [
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

  claim(
    'what races erase never outlives it: no login, session, consent or rehash comes after',
    async (stores) => {
      const { account, session, code, login } = await signedIn(stores)
      const { subject } = account
      await race(30, (caller): Promise<unknown> => {
        if (caller === 12)
          return stores.accounts.erase(ISSUER, subject, () => accountErased(subject, 'administrator', T0 + 5))
        if (caller === 13)
          return stores.codes.redeem(ISSUER, code.hash, sampleSession({ subject }), T0 + 5, () => NOTHING)
        if (caller % 5 === 0) return stores.consents.give(ISSUER, sampleConsent({ subject }), 0, [])
        if (caller % 3 === 0) return stores.accounts.rehash(ISSUER, subject, account.passwordHash, 'rehashed')
        if (caller % 3 === 1) return stores.logins.start(ISSUER, sampleLogin({ subject }), login.id, [])
        return stores.sessions.rotate(
          ISSUER,
          sampleRotation({ session: session.id, now: T0 + 5 }),
          () => NOTHING,
        )
      })
      same(await stores.sessions.list(ISSUER, { subject }, T0 + 6), [])
      same(await stores.consents.list(ISSUER, subject, { after: '', limit: 9 }), [])
      equal(await stores.accounts.find(ISSUER, subject), undefined)
      equal(await stores.logins.start(ISSUER, sampleLogin({ subject }), null, []), 'revoked')
    },
  )

  claim('of 10 concurrent calls to erase one subject exactly one is done', async ({ accounts }) => {
    const account = sampleAccount()
    await accounts.add(ISSUER, account, [])
    same(tally(await race(10, () => accounts.erase(ISSUER, account.subject, () => NOTHING))), {
      done: 1,
      unknown: 9,
    })
  })
}
