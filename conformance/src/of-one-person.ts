import { equal } from 'node:assert/strict'
import {
  type Login,
  type LoginChoice,
  NOTHING,
  noted,
  placeOf,
  type Session,
  type Stores,
} from '@jotwarden/authority'
import type { Claim } from './claim.ts'
import { race } from './race.ts'
import { same } from './same.ts'
import { ISSUER, sampleCode, sampleConsent, sampleEvent, sampleLogin, sampleSession, T0 } from './samples.ts'

/** That a person's logins can be listed in pages and ended by choice, and nobody else's with them. */
export function loginsOfOnePerson(claim: Claim): void {
  claim('ofSubject gives open logins of the person, newest first, page by page', async ({ logins }) => {
    const rows = [
      sampleLogin({ subject: ADA, authTime: T0 + 2, id: 'b' }),
      sampleLogin({ subject: ADA, authTime: T0 + 2, id: 'a' }),
      sampleLogin({ subject: ADA, authTime: T0 + 1.5, id: 'c' }),
      sampleLogin({ subject: ADA, authTime: T0, id: 'd' }),
    ]
    const others = [
      sampleLogin({ subject: BOB, authTime: T0 + 1 }),
      sampleLogin({ subject: ADA, authTime: T0 + 1, expiresAt: T0 + 50 }),
      sampleLogin({ subject: ADA, authTime: T0 + 1, id: 'ended' }),
    ]
    for (const login of [...rows, ...others].toReversed()) await logins.start(ISSUER, login, null, [])
    await logins.end(ISSUER, 'ended', T0 + 3, () => NOTHING)
    const page = async (before: Login | null, limit: number) =>
      logins.ofSubject(ISSUER, ADA, { before, limit }, T0 + 50)
    same(await page(null, 9), rows)
    for (const [index, row] of rows.entries()) same(await page(row, 2), rows.slice(index + 1, index + 3))
    same(await logins.ofSubject(ISSUER, 'usr_nobody', { before: null, limit: 9 }, T0), [])
  })

  const choices: readonly (readonly [string, LoginChoice, readonly string[], readonly string[]])[] = [
    ['those named', { only: ['one', 'bobs', 'unknown'] }, ['one'], ['one']],
    ['all but those named', { except: ['one', 'bobs'] }, ['two'], ['', 'gone', 'two']],
    ['none when none is named', { only: [] }, [], []],
    ['all when none is left out', { except: [] }, ['one', 'two'], ['', 'gone', 'one', 'two']],
  ]
  for (const [what, choice, expectedLogins, expectedSessions] of choices) {
    claim(`endOf ends ${what}, of this person alone, with sessions and codes`, async (stores) => {
      const { sessions, codes } = await household(stores)
      const ended = await stores.logins.endOf(ISSUER, ADA, choice, 'person', T0 + 5, (given) =>
        noted(...given.sessions.map(({ id }) => sampleEvent({ type: 'session-ended', session: id }))),
      )
      same(ended.logins.map(({ id }) => id).toSorted(), expectedLogins)
      same(ended.sessions.map(({ login }) => login ?? '').toSorted(), expectedSessions)
      for (const { endedAt, endCause } of ended.sessions) same([endedAt, endCause], [T0 + 5, 'person'])
      for (const { endedAt } of ended.logins) equal(endedAt, T0 + 5)
      for (const session of sessions) {
        const isEnded = session.subject === ADA && expectedSessions.includes(session.login ?? '')
        equal((await stores.sessions.find(ISSUER, session.id))?.endedAt, isEnded ? T0 + 5 : null)
      }
      for (const code of codes) {
        const isVoid = code.subject === ADA && expectedLogins.includes(code.login)
        equal(await redeemed(stores, code.hash), isVoid ? 'refused' : 'redeemed')
      }
      const events = await stores.events.list(ISSUER, { after: 0, limit: 20 })
      same(events.map(({ session }) => session).toSorted(), ended.sessions.map(({ id }) => id).toSorted())
      const again = await stores.logins.endOf(ISSUER, ADA, choice, 'person', T0 + 6, () => NOTHING)
      // What was redeemed meanwhile is a session of its own, under a login that went on
      same(again, { logins: [], sessions: [] })
    })
  }

  claim('endOf: of 20 concurrent calls each login and session is named by one', async (stores) => {
    await household(stores)
    const answers = await race(20, () =>
      stores.logins.endOf(ISSUER, ADA, { except: [] }, 'person', T0 + 5, () => NOTHING),
    )
    same(answers.flatMap(({ logins }) => logins.map(({ id }) => id)).toSorted(), ['one', 'two'])
    equal(answers.flatMap(({ sessions }) => sessions).length, 4)
  })
}

/** That a person's sessions can be listed in pages. */
export function sessionsOfOnePerson(claim: Claim): void {
  claim('ofSubject gives live sessions by sign-in, newest first, page by page', async ({ sessions }) => {
    const rows = await started(sessions)
    const page = (before: Session | null, limit: number) =>
      sessions.ofSubject(ISSUER, ADA, { before: before === null ? null : placeOf(before), limit }, T0 + 50)
    same(await page(null, 9), rows)
    for (const [index, row] of rows.entries()) same(await page(row, 2), rows.slice(index + 1, index + 3))
    same(await sessions.ofSubject(ISSUER, 'usr_nobody', { before: null, limit: 9 }, T0), [])
  })

  claim('ofSubject keeps the sessions of one sign-in together, those of none last', async (stores) => {
    const [older, newer] = [sampleLogin({ subject: ADA, id: 'z' }), sampleLogin({ subject: ADA, id: 'a' })]
    for (const login of [older, newer]) await stores.logins.start(ISSUER, login, null, [])
    const under = (login: Login, createdAt: number, authTime: number) =>
      sampleSession({ subject: ADA, login: login.id, createdAt, authTime, device: 'safari/ios' })
    const rows = [
      under(newer, T0 + 1, T0 + 1),
      under(older, T0 + 9, T0),
      under(older, T0 + 2, T0),
      sampleSession({ subject: ADA, createdAt: T0 + 20, authTime: T0 + 20 }),
      sampleSession({ subject: ADA, createdAt: T0 + 10, authTime: null }),
    ]
    for (const row of rows.toReversed()) await stores.sessions.start(ISSUER, row, [])
    const page = (before: Session | null, limit: number) =>
      stores.sessions.ofSubject(ISSUER, ADA, { before: before && placeOf(before), limit }, T0 + 50)
    same(await page(null, 9), rows)
    for (const [index, row] of rows.entries()) same(await page(row, 2), rows.slice(index + 1, index + 3))
  })
}

/** That consents can be listed and taken back. */
export function consentsOfOnePerson(claim: Claim): void {
  claim('list gives the consents of the subject by client, page by page', async ({ consents }) => {
    const rows = ['a', 'b', 'b2', 'c'].map((client) => sampleConsent({ subject: ADA, client }))
    for (const row of [...rows, sampleConsent({ subject: BOB })].toReversed())
      await consents.give(ISSUER, row, 0, [])
    same(await consents.list(ISSUER, ADA, { after: '', limit: 9 }), rows)
    for (const [index, { client }] of rows.entries())
      same(await consents.list(ISSUER, ADA, { after: client, limit: 2 }), rows.slice(index + 1, index + 3))
    same(await consents.list(ISSUER, 'usr_nobody', { after: '', limit: 9 }), [])
  })

  claim(
    'withdraw forgets the consent and ends the sessions and codes of the two, no others',
    async (stores) => {
      const { sessions, codes } = await household(stores)
      for (const subject of [ADA, BOB])
        for (const client of ['ledger', 'other'])
          await stores.consents.give(ISSUER, sampleConsent({ subject, client }), 0, [])
      const of = { subject: ADA, client: 'ledger' }
      const gone = await stores.consents.withdraw(ISSUER, of, 'person', T0 + 5, ({ consent }) =>
        noted(sampleEvent({ cause: consent?.client ?? 'none' })),
      )
      same(gone.consent, sampleConsent(of))
      const mine = sessions.filter(({ subject, client }) => subject === ADA && client === 'ledger')
      same(gone.sessions.map(({ id }) => id).toSorted(), mine.map(({ id }) => id).toSorted())
      equal(await stores.consents.find(ISSUER, ADA, 'ledger'), undefined)
      for (const [subject, client] of [
        [ADA, 'other'],
        [BOB, 'ledger'],
      ] as const)
        equal((await stores.consents.find(ISSUER, subject, client))?.client, client)
      for (const session of sessions) {
        const after = await stores.sessions.find(ISSUER, session.id)
        same([after?.endedAt, after?.endCause], mine.includes(session) ? [T0 + 5, 'person'] : [null, null])
      }
      for (const { hash, subject, client } of codes) {
        const isVoid = subject === ADA && client === 'ledger'
        equal(await redeemed(stores, hash), isVoid ? 'refused' : 'redeemed')
      }
      equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.cause, 'ledger')
    },
  )

  claim('withdraw: of 20 concurrent calls one names the consent and the sessions', async (stores) => {
    await household(stores)
    const of = { subject: ADA, client: 'ledger' }
    await stores.consents.give(ISSUER, sampleConsent(of), 0, [])
    const answers = await race(20, () =>
      stores.consents.withdraw(ISSUER, of, 'person', T0 + 5, () => NOTHING),
    )
    equal(answers.filter(({ consent }) => consent !== undefined).length, 1)
    equal(answers.flatMap(({ sessions }) => sessions).length, 3)
  })
}

/** Two people in the same browsers: Ada with two logins, a session whose login is gone and one that never had any. */
async function household(stores: Stores) {
  const logins = [
    sampleLogin({ subject: ADA, id: 'one' }),
    sampleLogin({ subject: ADA, id: 'two' }),
    sampleLogin({ subject: ADA, id: 'gone', expiresAt: T0 + 1 }),
    sampleLogin({ subject: BOB, id: 'bobs' }),
  ]
  for (const login of logins) await stores.logins.start(ISSUER, login, null, [])
  const sessions = [
    sampleSession({ subject: ADA, login: 'one', client: 'other' }),
    sampleSession({ subject: ADA, login: 'two' }),
    sampleSession({ subject: ADA, login: 'gone' }),
    sampleSession({ subject: ADA }),
    sampleSession({ subject: BOB, login: 'bobs' }),
  ]
  for (const session of sessions) await stores.sessions.start(ISSUER, session, [])
  const codes = [
    sampleCode({ subject: ADA, login: 'one', client: 'other' }),
    sampleCode({ subject: ADA, login: 'two' }),
    sampleCode({ subject: BOB, login: 'bobs' }),
  ]
  for (const code of codes) await stores.codes.issue(ISSUER, code, [])
  await stores.prune(ISSUER, T0 + 2, 100)
  return { sessions, codes }
}

/** Live sessions in the order of their places, among others that do not count. */
async function started(sessions: Stores['sessions']): Promise<readonly Session[]> {
  const own = { subject: ADA }
  const rows = [
    sampleSession({ ...own, id: 'c', createdAt: T0 + 4 }),
    sampleSession({ ...own, id: 'b', createdAt: T0 + 2.5 }),
    sampleSession({ ...own, id: 'a', createdAt: T0 + 2.5 }),
    sampleSession({ ...own, createdAt: T0 + 1 }),
  ]
  const aside = [
    sampleSession({ subject: BOB, createdAt: T0 + 3 }),
    sampleSession({ ...own, createdAt: T0 + 3, endedAt: T0, endCause: 'logout' }),
    sampleSession({ ...own, createdAt: T0 + 3, idleExpiresAt: T0 + 50 }),
    sampleSession({ ...own, createdAt: T0 + 3, absoluteExpiresAt: T0 + 50 }),
  ]
  for (const row of [...rows, ...aside].toReversed()) await sessions.start(ISSUER, row, [])
  return rows
}

async function redeemed(stores: Stores, hash: string): Promise<string> {
  const code = await stores.codes.find(ISSUER, hash)
  const session = sampleSession({ subject: code?.subject ?? '', login: null, client: 'redeemed' })
  const expiring = { ...session, idleExpiresAt: T0 + 1 }
  return (await stores.codes.redeem(ISSUER, hash, expiring, T0 + 6, () => NOTHING)).outcome
}

const ADA = 'usr_ada'
const BOB = 'usr_bob'
