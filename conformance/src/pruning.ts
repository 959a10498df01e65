import { equal } from 'node:assert/strict'
import { NOTHING, type StoredSecurityEvent, type Stores } from '@jotwarden/authority'
import type { Claim } from './claim.ts'
import { same } from './same.ts'
import { ISSUER, sampleCode, sampleEvent, sampleLogin, sampleSession, T0 } from './samples.ts'

/** What `Stores.prune` promises. */
export function pruning(claim: Claim): void {
  claim(
    'prune deletes what no one can ask for any more, in batches, and says how many went',
    async (stores) => {
      const login = sampleLogin({ expiresAt: T0 + 100_000 })
      await stores.logins.start(ISSUER, login, null, [])
      const logins = Array.from({ length: 5 }, () => sampleLogin({ expiresAt: T0 + 900 }))
      const sessions = Array.from({ length: 5 }, () => sampleSession({ absoluteExpiresAt: T0 + 900 }))
      const codes = Array.from({ length: 5 }, () => sampleCode({ login: login.id, expiresAt: T0 + 300 }))
      for (const row of logins) await stores.logins.start(ISSUER, row, null, [])
      for (const row of sessions) await stores.sessions.start(ISSUER, row, [])
      for (const row of codes) await stores.codes.issue(ISSUER, row, [])

      equal(await stores.prune(ISSUER, T0 + 901, 2), 15)
      for (const row of logins) equal(await stores.logins.find(ISSUER, row.cookieHash), undefined)
      for (const row of sessions) equal(await stores.sessions.find(ISSUER, row.id), undefined)
      for (const row of codes) equal(await stores.codes.find(ISSUER, row.hash), undefined)
      same(await stores.logins.find(ISSUER, login.cookieHash), login)
      equal(await stores.prune(ISSUER, T0 + 901, 2), 0)
    },
  )

  claim('prune lets other acts in between its batches', async (stores) => {
    for (let row = 0; row < 6; row += 1)
      await stores.logins.start(ISSUER, sampleLogin({ expiresAt: T0 + 10 }), null, [])
    let isDone = false
    const pruned = stores.prune(ISSUER, T0 + 11, 2).then((gone) => {
      isDone = true
      return gone
    })
    await stores.events.record(ISSUER, [sampleEvent()])
    equal(isDone, false)
    equal(await pruned, 6)
  })

  claim('prune keeps what can still be asked for: ended sessions, used and expired codes', async (stores) => {
    const login = sampleLogin({ expiresAt: T0 + 900 })
    await stores.logins.start(ISSUER, login, null, [])
    const code = sampleCode({ login: login.id, expiresAt: T0 + 300 })
    await stores.codes.issue(ISSUER, code, [])
    const session = sampleSession({ login: login.id, idleExpiresAt: T0 + 5, absoluteExpiresAt: T0 + 900 })
    await stores.codes.redeem(ISSUER, code.hash, session, T0, () => NOTHING)
    await stores.logins.end(ISSUER, login.id, T0 + 1, () => NOTHING)

    equal(await stores.prune(ISSUER, T0 + 899, 100), 0)
    equal((await stores.sessions.find(ISSUER, session.id))?.endedAt, T0 + 1)
    equal((await stores.logins.find(ISSUER, login.cookieHash))?.endedAt, T0 + 1)
    equal((await stores.codes.find(ISSUER, code.hash))?.session, session.id)
  })

  claim('prune of a login leaves the sessions that outlive it', async (stores) => {
    const login = sampleLogin({ expiresAt: T0 + 10 })
    const session = sampleSession({ login: login.id })
    await stores.logins.start(ISSUER, login, null, [])
    await stores.sessions.start(ISSUER, session, [])
    equal(await stores.prune(ISSUER, T0 + 11, 100), 1)
    same(await stores.sessions.find(ISSUER, session.id), session)
    const ended = await stores.sessions.end(ISSUER, { login: login.id }, 'logout', T0 + 12, () => NOTHING)
    same(
      ended.map(({ id }) => id),
      [session.id],
    )
  })

  claim('prune takes no event unless a moment is given', async (stores) => {
    await stores.events.record(ISSUER, [sampleEvent({ at: T0 }), sampleEvent({ at: T0 })])
    equal(await stores.prune(ISSUER, T0 + 1_000_000_000, 100), 0)
    equal(await stores.prune(ISSUER, T0 + 1_000_000_000, 100, null), 0)
    equal((await eventsOf(stores)).length, 2)
  })

  claim(
    'prune takes the events before the moment, oldest first, in batches, and no other',
    async (stores) => {
      for (let at = 0; at < 9; at += 1) await stores.events.record(ISSUER, [sampleEvent({ at: T0 + at })])
      await stores.events.record(ISSUER, [sampleEvent({ at: T0 + 9, aggregate: 'a' })])
      const all = await eventsOf(stores)
      equal(await stores.prune(ISSUER, T0, 2, T0 + 7), 7)
      same(await eventsOf(stores), all.slice(7))
      equal(await stores.prune(ISSUER, T0, 2, T0 + 7), 0)
    },
  )

  claim('prune leaves the newest event, however old, so that no number comes again', async (stores) => {
    const old = sampleEvent({ at: T0, aggregate: 'a' })
    await stores.events.record(ISSUER, [sampleEvent({ at: T0 }), sampleEvent({ at: T0 }), old])
    const last = await stores.events.last(ISSUER)
    equal(await stores.prune(ISSUER, T0, 100, T0 + 1), 2)
    same(
      (await eventsOf(stores)).map(({ number }) => number),
      [last],
    )
    await stores.events.record(ISSUER, [old, sampleEvent({ at: T0 + 2 })])
    same(
      (await eventsOf(stores)).map(({ number, count }) => [number, count]),
      [
        [last, 2],
        [last + 1, 1],
      ],
    )
    equal(await stores.prune(ISSUER, T0, 100, T0 + 3), 1)
    equal(await stores.events.last(ISSUER), last + 1)
    await stores.events.record(ISSUER, [sampleEvent({ at: T0 + 3 })])
    equal(await stores.events.last(ISSUER), last + 2)
  })

  claim(
    'prune leaves what follows an event that stays, as after a clock that was set back',
    async (stores) => {
      const times = [1, 9, 2, 3, 10]
      for (const at of times) await stores.events.record(ISSUER, [sampleEvent({ at: T0 + at })])
      equal(await stores.prune(ISSUER, T0, 100, T0 + 5), 1)
      same(
        (await eventsOf(stores)).map(({ at }) => at - T0),
        times.slice(1),
      )
    },
  )

  claim(
    'events are recorded between the batches in which others go, and none of them is lost',
    async (stores) => {
      for (let at = 0; at < 30; at += 1) await stores.events.record(ISSUER, [sampleEvent({ at: T0 + at })])
      let isDone = false
      const pruned = [0, 1].map(() =>
        stores.prune(ISSUER, T0, 2, T0 + 100).finally(() => {
          isDone = true
        }),
      )
      for (let at = 0; at < 5; at += 1) {
        await stores.events.record(ISSUER, [sampleEvent({ at: T0 + 200 + at })])
        if (at === 0) equal(isDone, false)
      }
      // Two that prune at once take no row twice
      equal(
        (await Promise.all(pruned)).reduce((sum, gone) => sum + gone, 0),
        30,
      )
      same(
        (await eventsOf(stores)).map(({ at }) => at - T0),
        [200, 201, 202, 203, 204],
      )
    },
  )
}

function eventsOf(stores: Stores): Promise<readonly StoredSecurityEvent[]> {
  return stores.events.list(ISSUER, { after: 0, limit: 1000 })
}
