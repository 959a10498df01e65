import { equal } from 'node:assert/strict'
import type { SecurityEvent } from '@jotwarden/authority'
import { claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { race } from './race.ts'
import { same } from './same.ts'
import { ISSUER, OTHER_ISSUER, sampleEvent, T0 } from './samples.ts'

/** What `EventStore` promises. */
export function eventStoreSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('EventStore', driver, runner)

  claim('list gives the events as recorded, with a number and a count of 1', async ({ events }) => {
    const full: SecurityEvent = {
      type: 'refresh-reused',
      at: T0 + 3,
      subject: 'usr_one',
      client: 'ledger',
      login: 'a login',
      session: 'a session',
      kid: 'a kid',
      token: 'a token',
      holder: 'a holder',
      cause: 'a cause',
      network: 'a network',
    }
    const bare: SecurityEvent = { type: 'login-succeeded', at: T0 }
    await events.record(ISSUER, [full, bare])
    const listed = await events.list(ISSUER, { after: 0, limit: 9 })
    const [first, second] = listed.map(({ number, ...event }) => event)
    same(
      [first, second],
      [
        { ...full, count: 1 },
        { ...bare, count: 1 },
      ],
    )
    equal(listed.length, 2)
  })

  claim('list gives numbers greater than `after`, oldest first, `limit` at most', async ({ events }) => {
    for (let at = 0; at < 7; at += 1) await events.record(ISSUER, [sampleEvent({ at: T0 + at })])
    const all = await events.list(ISSUER, { after: 0, limit: 100 })
    same(
      all.map((event) => event.at - T0),
      [0, 1, 2, 3, 4, 5, 6],
    )
    same(
      all.map((event) => event.number),
      all.map((event) => event.number).toSorted((a, b) => a - b),
    )
    equal(new Set(all.map((event) => event.number)).size, 7)
    same(await events.list(ISSUER, { after: all[2]?.number ?? 0, limit: 2 }), all.slice(3, 5))
    same(await events.list(ISSUER, { after: all[6]?.number ?? 0, limit: 2 }), [])
    same(await events.list(ISSUER, { after: 0, limit: 0 }), [])
  })

  claim(
    'signedInFrom finds a sign-in of the subject, from one of the networks, not before',
    async ({ events }) => {
      const signedIn = { type: 'login-succeeded', at: T0, subject: 'usr_one', network: 'home' } as const
      await events.record(ISSUER, [signedIn, { ...signedIn, type: 'login-refused', network: 'elsewhere' }])
      const asked = { subject: 'usr_one', networks: ['work', 'home'], since: T0 }
      equal(await events.signedInFrom(ISSUER, asked), true)
      equal(await events.signedInFrom(ISSUER, { ...asked, since: T0 + 1 }), false)
      equal(await events.signedInFrom(ISSUER, { ...asked, networks: ['work'] }), false)
      equal(await events.signedInFrom(ISSUER, { ...asked, networks: ['elsewhere'] }), false)
      equal(await events.signedInFrom(ISSUER, { ...asked, networks: [] }), false)
      equal(await events.signedInFrom(ISSUER, { ...asked, subject: 'usr_two' }), false)
      equal(await events.signedInFrom(OTHER_ISSUER, asked), false)
    },
  )

  claim('a reader of the events has a position, which only goes forward', async ({ events }) => {
    equal(await events.position(ISSUER, 'mailer'), undefined)
    await events.advance(ISSUER, 'mailer', 0)
    equal(await events.position(ISSUER, 'mailer'), 0)
    await Promise.all([3, 9, 5].map((number) => events.advance(ISSUER, 'mailer', number)))
    equal(await events.position(ISSUER, 'mailer'), 9)
    await events.advance(ISSUER, 'mailer', 4)
    equal(await events.position(ISSUER, 'mailer'), 9)
    equal(await events.position(ISSUER, 'another'), undefined)
    equal(await events.position(OTHER_ISSUER, 'mailer'), undefined)
  })

  claim('events without an aggregate are listed one by one, however alike', async ({ events }) => {
    await race(20, () => events.record(ISSUER, [sampleEvent(), sampleEvent()]))
    const listed = await events.list(ISSUER, { after: 0, limit: 100 })
    equal(listed.length, 40)
    equal(new Set(listed.map((event) => event.number)).size, 40)
  })

  claim('60 concurrent failures with one aggregate share a row whose count grows', async ({ events }) => {
    await race(60, (caller) =>
      events.record(ISSUER, [sampleEvent({ aggregate: 'name-hash', at: T0 + (caller % 60) })]),
    )
    const [row, ...others] = await events.list(ISSUER, { after: 0, limit: 100 })
    same([row?.aggregate, row?.count, others.length], ['name-hash', 60, 0])
    await events.record(ISSUER, [sampleEvent({ aggregate: 'name-hash' })])
    const [grown] = await events.list(ISSUER, { after: 0, limit: 100 })
    same([grown?.number, grown?.count], [row?.number, 61])
  })

  claim('only events of one issuer, type, aggregate and minute share a row', async ({ events }) => {
    const minute = T0 - (T0 % 60)
    const event = sampleEvent({ aggregate: 'a', at: minute })
    await events.record(ISSUER, [
      event,
      { ...event, at: minute + 59 },
      { ...event, at: minute + 60 },
      { ...event, at: minute - 1 },
      { ...event, aggregate: 'b' },
      { ...event, type: 'client-refused' },
    ])
    await events.record(OTHER_ISSUER, [event])
    const counts = (await events.list(ISSUER, { after: 0, limit: 100 })).map(({ count }) => count)
    same(counts, [2, 1, 1, 1, 1])
    same(
      (await events.list(OTHER_ISSUER, { after: 0, limit: 100 })).map(({ count }) => count),
      [1],
    )
  })
}
