import { equal } from 'node:assert/strict'
import { NOTHING, noted, type Session, type SessionSelector } from '@jotwarden/authority'
import { type Claim, claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { sessionsOfOnePerson } from './of-one-person.ts'
import { race, tally } from './race.ts'
import { rotationTable } from './rotation-table.ts'
import { same } from './same.ts'
import { ISSUER, sampleCode, sampleEvent, sampleLogin, sampleRotation, sampleSession, T0 } from './samples.ts'

/** What `SessionStore` promises. */
export function sessionStoreSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('SessionStore', driver, runner)
  starting(claim)
  rotationTable(claim)
  racing(claim)
  ending(claim)
  listing(claim)
  sessionsOfOnePerson(claim)
}

function starting(claim: Claim): void {
  claim('find gives the session as it was started, ended and expired ones included', async (stores) => {
    const login = sampleLogin()
    await stores.logins.start(ISSUER, login, null, [])
    const full = sampleSession({
      login: login.id,
      confirmation: '{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}',
      acr: 'urn:example:strong',
      network: 'networkhash',
      statusIndex: 4711,
      gracedGeneration: 2,
      gracedInRow: 1,
      generation: 3,
      rotatedAt: T0 - 5,
    })
    const bare = sampleSession({ authTime: null, amr: [], resources: [], scope: [] })
    const expired = sampleSession({ idleExpiresAt: T0 - 9, absoluteExpiresAt: T0 - 5 })
    const fractional = sampleSession({ createdAt: T0 + 0.125, idleExpiresAt: T0 + 999.999 })
    for (const session of [full, bare, expired, fractional]) {
      equal(await stores.sessions.start(ISSUER, session, []), 'started')
      same(await stores.sessions.find(ISSUER, session.id), session)
    }
    await stores.sessions.end(ISSUER, { session: full.id }, 'administrator', T0 + 1, () => NOTHING)
    const ended = { ...full, endedAt: T0 + 1, endCause: 'administrator' }
    same(await stores.sessions.find(ISSUER, full.id), ended)
    equal(await stores.sessions.find(ISSUER, 'nobody'), undefined)
  })

  claim('start adds nothing under a login that has ended or is unknown', async (stores) => {
    const login = sampleLogin()
    await stores.logins.start(ISSUER, login, null, [])
    await stores.logins.end(ISSUER, login.id, T0, () => NOTHING)
    for (const session of [sampleSession({ login: login.id }), sampleSession({ login: sampleLogin().id })]) {
      equal(await stores.sessions.start(ISSUER, session, [sampleEvent()]), 'login-ended')
      equal(await stores.sessions.find(ISSUER, session.id), undefined)
    }
    same(await stores.events.list(ISSUER, { after: 0, limit: 9 }), [])
  })
}

function racing(claim: Claim): void {
  claim(
    'rotate: of 100 concurrent calls with the current generation exactly one moves it',
    async (stores) => {
      const session = sampleSession()
      await stores.sessions.start(ISSUER, session, [])
      for (const generation of [0, 1, 2]) {
        const rotation = sampleRotation({ session: session.id, generation, now: T0 + 100 * (generation + 1) })
        const outcomes = await race(100, () =>
          stores.sessions.rotate(ISSUER, rotation, ({ outcome }) =>
            noted(sampleEvent({ cause: `${generation} ${outcome}`, aggregate: `${generation} ${outcome}` })),
          ),
        )
        same(tally(outcomes), { rotated: 1, repeated: 99 })
        equal((await stores.sessions.find(ISSUER, session.id))?.generation, generation + 1)
      }
      const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
      same(Object.fromEntries(events.map((event) => [event.cause, event.count])), {
        '0 rotated': 1,
        '0 repeated': 99,
        '1 rotated': 1,
        '1 repeated': 99,
        '2 rotated': 1,
        '2 repeated': 99,
      })
    },
  )

  claim(
    'rotate: without a grace window, 100 concurrent calls are one rotation and one reuse',
    async (stores) => {
      const session = sampleSession()
      await stores.sessions.start(ISSUER, session, [])
      // A window of 0 seconds still holds the second of the rotation; below 0 there is none.
      const rotation = sampleRotation({ session: session.id, graceWindow: -1 })
      const outcomes = await race(100, () => stores.sessions.rotate(ISSUER, rotation, () => NOTHING))
      same(tally(outcomes), { rotated: 1, reused: 1, ended: 98 })
      equal((await stores.sessions.find(ISSUER, session.id))?.endCause, 'reuse')
    },
  )

  const selectors: readonly [string, (session: Session) => SessionSelector][] = [
    ['session', ({ id }) => ({ session: id })],
    ['login', ({ login }) => ({ login: login ?? '' })],
    ['subject', ({ subject }) => ({ subject })],
    ['client', ({ client }) => ({ client })],
  ]
  for (const [name, selector] of selectors) {
    claim(`rotate: a rotation that commits after the end of its ${name} sees it ended`, async (stores) => {
      const login = sampleLogin()
      const session = sampleSession({ login: login.id })
      await stores.logins.start(ISSUER, login, null, [])
      await stores.sessions.start(ISSUER, session, [])
      const rotation = sampleRotation({ session: session.id })
      const rotate = () =>
        stores.sessions.rotate(ISSUER, rotation, ({ outcome }) => noted(sampleEvent({ cause: outcome })))
      await race(61, (caller): Promise<unknown> => {
        if (caller !== 30) return rotate()
        return stores.sessions.end(ISSUER, selector(session), 'administrator', T0 + 100, () =>
          noted(sampleEvent({ cause: 'the end' })),
        )
      })
      const causes = (await stores.events.list(ISSUER, { after: 0, limit: 100 })).map(({ cause }) => cause)
      equal(causes.length, 61)
      const after = causes.slice(causes.indexOf('the end') + 1)
      same([...new Set(after)], after.length === 0 ? [] : ['ended'])
      const row = await stores.sessions.find(ISSUER, session.id)
      equal(row?.endCause, 'administrator')
      const late = await stores.sessions.rotate(
        ISSUER,
        sampleRotation({ session: session.id, generation: row.generation, now: T0 + 300 }),
        () => NOTHING,
      )
      equal(late.outcome, 'ended')
      same(await stores.sessions.find(ISSUER, session.id), row)
    })
  }
}

function ending(claim: Claim): void {
  claim('end names every live session that the selector names, as it is after the act', async (stores) => {
    const live = [sampleSession({ client: 'one' }), sampleSession({ client: 'one' })]
    const others = [
      sampleSession({ client: 'two' }),
      sampleSession({ client: 'one', idleExpiresAt: T0 + 5 }),
      sampleSession({ client: 'one', idleExpiresAt: T0 + 5, absoluteExpiresAt: T0 + 5 }),
      sampleSession({ client: 'one', endedAt: T0 + 1, endCause: 'logout' }),
    ]
    for (const session of [...live, ...others]) await stores.sessions.start(ISSUER, session, [])
    const ended = await stores.sessions.end(ISSUER, { client: 'one' }, 'administrator', T0 + 5, (given) =>
      noted(...given.map((session) => sampleEvent({ type: 'session-ended', session: session.id }))),
    )
    const expected = live.map((session) => ({ ...session, endedAt: T0 + 5, endCause: 'administrator' }))
    same(byId(ended), byId(expected))
    for (const session of expected) same(await stores.sessions.find(ISSUER, session.id), session)
    same(await stores.sessions.find(ISSUER, others[0]?.id ?? ''), others[0])
    same(await stores.sessions.find(ISSUER, others[3]?.id ?? ''), others[3])
    const events = await stores.events.list(ISSUER, { after: 0, limit: 9 })
    same(events.map((event) => event.session).toSorted(), live.map((session) => session.id).toSorted())
    same(await stores.sessions.end(ISSUER, { client: 'one' }, 'administrator', T0 + 6, () => NOTHING), [])
  })

  claim('of 20 concurrent ends exactly one names the session', async (stores) => {
    const session = sampleSession()
    await stores.sessions.start(ISSUER, session, [])
    const answers = await race(20, () =>
      stores.sessions.end(ISSUER, { session: session.id }, 'logout', T0 + 5, () => NOTHING),
    )
    same(tally(answers.map((ended) => String(ended.length))), { '0': 19, '1': 1 })
  })

  const reaches = [
    { by: 'session', login: 'goes on', code: 'redeemed' },
    { by: 'login', login: 'ends', code: 'refused' },
    { by: 'subject', login: 'ends', code: 'refused' },
    { by: 'client', login: 'goes on', code: 'refused' },
  ] as const
  for (const { by, login: expectedLogin, code: expectedCode } of reaches) {
    claim(`end by ${by}: the login ${expectedLogin}, its code is ${expectedCode}`, async (stores) => {
      const login = sampleLogin()
      const session = sampleSession({ login: login.id })
      const code = sampleCode({ login: login.id })
      const bystander = sampleLogin({ subject: 'usr_bystander' })
      const beside = sampleSession({ login: bystander.id, subject: 'usr_bystander', client: 'bystander' })
      const codeBeside = sampleCode({ login: bystander.id, subject: 'usr_bystander', client: 'bystander' })
      for (const row of [login, bystander]) await stores.logins.start(ISSUER, row, null, [])
      for (const row of [session, beside]) await stores.sessions.start(ISSUER, row, [])
      for (const row of [code, codeBeside]) await stores.codes.issue(ISSUER, row, [])
      const values = {
        session: session.id,
        login: login.id,
        subject: session.subject,
        client: session.client,
      }
      const selector = { [by]: values[by] } as SessionSelector

      const ended = await stores.sessions.end(ISSUER, selector, 'logout', T0 + 5, () => NOTHING)

      same(
        ended.map(({ id }) => id),
        [session.id],
      )
      const loginAfter = await stores.logins.find(ISSUER, login.cookieHash)
      equal(loginAfter?.endedAt, expectedLogin === 'ends' ? T0 + 5 : null)
      const redeem = (hash: string) =>
        stores.codes.redeem(ISSUER, hash, sampleSession(), T0 + 6, () => NOTHING)
      equal((await redeem(code.hash)).outcome, expectedCode)
      same(await stores.logins.find(ISSUER, bystander.cookieHash), bystander)
      same(await stores.sessions.find(ISSUER, beside.id), beside)
      equal((await redeem(codeBeside.hash)).outcome, 'redeemed')
    })
  }
}

function listing(claim: Claim): void {
  claim('latestEnd says when the last session there is ends, whatever became of another', async (stores) => {
    equal(await stores.sessions.latestEnd(ISSUER), 0)
    const ends = [T0 + 50, T0 + 900.5, T0 + 70]
    const rows = ends.map((absoluteExpiresAt) => sampleSession({ absoluteExpiresAt }))
    for (const session of rows) await stores.sessions.start(ISSUER, session, [])
    equal(await stores.sessions.latestEnd(ISSUER), T0 + 900.5)
    await stores.sessions.end(ISSUER, { session: rows[0]?.id ?? '' }, 'logout', T0, () => NOTHING)
    equal(await stores.sessions.latestEnd(ISSUER), T0 + 900.5)
    equal(await stores.sessions.latestEnd('https://nobody.example'), 0)
  })

  claim('list gives live sessions of a subject or of a client, newest first', async ({ sessions }) => {
    const rows = [
      sampleSession({ subject: 'usr_one', client: 'a', createdAt: T0 + 1 }),
      sampleSession({ subject: 'usr_one', client: 'b', createdAt: T0 + 3 }),
      sampleSession({ subject: 'usr_two', client: 'a', createdAt: T0 + 2 }),
      sampleSession({ subject: 'usr_one', client: 'a', endedAt: T0, endCause: 'logout' }),
      sampleSession({ subject: 'usr_one', client: 'a', idleExpiresAt: T0 + 10 }),
      sampleSession({ subject: 'usr_one', client: 'a', absoluteExpiresAt: T0 + 10 }),
    ]
    for (const session of rows) await sessions.start(ISSUER, session, [])
    const list = (of: { subject: string } | { client: string }) => sessions.list(ISSUER, of, T0 + 10)
    same(await list({ subject: 'usr_one' }), [rows[1], rows[0]])
    same(await list({ client: 'a' }), [rows[2], rows[0]])
    same(await list({ client: 'nobody' }), [])
  })
}

function byId(sessions: readonly { readonly id: string }[]): readonly { readonly id: string }[] {
  return sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}
