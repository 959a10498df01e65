import { equal } from 'node:assert/strict'
import { noted, type Rotation, type RotationOutcome, type Session, type Stores } from '@jotwarden/authority'
import type { Claim } from './claim.ts'
import { same } from './same.ts'
import { ISSUER, sampleEvent, sampleRotation, sampleSession, T0 } from './samples.ts'

/** `SessionStore.rotate`, row by row of the outcome table, on schedules that leave nothing to chance. */
export function rotationTable(claim: Claim): void {
  for (const { row, given, presented, outcome, changes } of outcomes) {
    claim(`rotate: ${row}: ${outcome}`, async (stores) => {
      const session = sampleSession({ ...rotatedTwice, ...given })
      await stores.sessions.start(ISSUER, session, [])
      const answer = await rotate(stores, { session: session.id, ...presented })
      const after = { ...session, ...changes }
      same([answer.outcome, 'session' in answer ? answer.session : null], [outcome, after])
      same(await stores.sessions.find(ISSUER, session.id), after)
      const events = await stores.events.list(ISSUER, { after: 0, limit: 9 })
      same(
        events.map((event) => event.cause),
        [outcome],
      )
    })
  }

  claim('rotate: an unknown session: unknown', async (stores) => {
    same(await rotate(stores, { session: sampleSession().id }), { outcome: 'unknown' })
    equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.cause, 'unknown')
  })

  claim('rotate: what was ended by reuse stays ended for the current generation', async (stores) => {
    const session = sampleSession(rotatedTwice)
    await stores.sessions.start(ISSUER, session, [])
    equal((await rotate(stores, { session: session.id, generation: 0 })).outcome, 'reused')
    equal((await rotate(stores, { session: session.id, generation: 2 })).outcome, 'ended')
  })

  claim(
    'rotate: graced generations in a row from differing networks are counted, then shadowed',
    async (stores) => {
      const shadow = { shadowLimit: 3, endShadowed: false }
      const session = await shadowed(stores, 2, shadow)
      equal(session.gracedInRow, 2)
      const third = await duel(stores, session, shadow)
      same([third.outcome, 'ended' in third && third.ended], ['shadowed', false])
      const row = await stores.sessions.find(ISSUER, session.id)
      same([row?.endedAt, row?.gracedInRow], [null, 0])
    },
  )

  claim('rotate: shadowed ends the session where the rotation says so', async (stores) => {
    const shadow = { shadowLimit: 3, endShadowed: true }
    const session = await shadowed(stores, 2, shadow)
    const third = await duel(stores, session, shadow)
    same([third.outcome, 'ended' in third && third.ended], ['shadowed', true])
    const row = await stores.sessions.find(ISSUER, session.id)
    same([row?.endedAt, row?.endCause], [T0 + 303, 'shadowed'])
    equal((await rotate(stores, { session: session.id, generation: 3, now: T0 + 400 })).outcome, 'ended')
  })

  claim('rotate: one generation counts once, however often it is graced', async (stores) => {
    const session = await shadowed(stores, 1, { shadowLimit: 3 })
    for (const network of ['elsewhere', 'a third place', 'elsewhere']) {
      const rotation = { session: session.id, generation: 1, now: T0 + 105, network, shadowLimit: 3 }
      equal((await rotate(stores, rotation)).outcome, 'same')
    }
    equal((await stores.sessions.find(ISSUER, session.id))?.gracedInRow, 1)
  })

  claim('rotate: a generation that is not graced from elsewhere starts the count anew', async (stores) => {
    const session = await shadowed(stores, 2, { shadowLimit: 3 })
    const calm = { session: session.id, generation: 2, now: T0 + 300, network: 'home', shadowLimit: 3 }
    equal((await rotate(stores, calm)).outcome, 'rotated')
    const next = await duel(stores, { ...session, generation: 3 }, { shadowLimit: 3 })
    equal(next.outcome, 'repeated')
    equal((await stores.sessions.find(ISSUER, session.id))?.gracedInRow, 1)
  })
}

/** The row of most tests: two rotations behind it, the last at T0 + 90. */
const rotatedTwice: Partial<Session> = { generation: 2, rotatedAt: T0 + 90, idleExpiresAt: T0 + 1090 }

const outcomes: readonly {
  readonly row: string
  readonly given?: Partial<Session>
  readonly presented: Partial<Rotation>
  readonly outcome: Exclude<RotationOutcome['outcome'], 'shadowed' | 'unknown'>
  readonly changes?: Partial<Session>
}[] = [
  {
    row: 'the first generation, never rotated',
    given: { generation: 0, rotatedAt: null },
    presented: { generation: 0, now: T0, macKid: 'mac-key-two', network: 'home' },
    outcome: 'rotated',
    changes: {
      generation: 1,
      rotatedAt: T0,
      macKid: 'mac-key-two',
      network: 'home',
      idleExpiresAt: T0 + 1000,
    },
  },
  {
    row: 'current, one second after the window',
    presented: { generation: 2, now: T0 + 101 },
    outcome: 'rotated',
    changes: { generation: 3, rotatedAt: T0 + 101, idleExpiresAt: T0 + 1101 },
  },
  {
    row: 'current, a fraction of a second after the window',
    presented: { generation: 2, now: T0 + 100.25 },
    outcome: 'rotated',
    changes: { generation: 3, rotatedAt: T0 + 100.25, idleExpiresAt: T0 + 1100.25 },
  },
  {
    row: 'current, at the end of the window',
    presented: { generation: 2, now: T0 + 100, macKid: 'mac-key-two' },
    outcome: 'same',
  },
  {
    row: 'previous, at the end of the window',
    presented: { generation: 1, now: T0 + 100 },
    outcome: 'repeated',
  },
  {
    row: 'previous, one second after the window',
    presented: { generation: 1, now: T0 + 101 },
    outcome: 'reused',
    changes: { endedAt: T0 + 101, endCause: 'reuse' },
  },
  {
    row: 'older, inside the window',
    presented: { generation: 0, now: T0 + 91 },
    outcome: 'reused',
    changes: { endedAt: T0 + 91, endCause: 'reuse' },
  },
  { row: 'newer than the row', presented: { generation: 3 }, outcome: 'ahead' },
  {
    row: 'ended before',
    given: { endedAt: T0 + 95, endCause: 'logout' },
    presented: { generation: 0 },
    outcome: 'ended',
  },
  {
    row: 'one second before its idle expiry',
    presented: { generation: 2, now: T0 + 1089 },
    outcome: 'rotated',
    changes: { generation: 3, rotatedAt: T0 + 1089, idleExpiresAt: T0 + 2089 },
  },
  { row: 'at its idle expiry', presented: { generation: 2, now: T0 + 1090 }, outcome: 'ended' },
  {
    row: 'an old generation at the idle expiry',
    presented: { generation: 0, now: T0 + 1090 },
    outcome: 'ended',
  },
  {
    row: 'at its absolute expiry',
    given: { absoluteExpiresAt: T0 + 500 },
    presented: { generation: 2, now: T0 + 500 },
    outcome: 'ended',
  },
  {
    row: 'kept, current',
    presented: { mode: 'keep', generation: 2, now: T0 + 300 },
    outcome: 'same',
    changes: { idleExpiresAt: T0 + 1300 },
  },
  {
    row: 'kept, current, within a step of the last change',
    presented: { mode: 'keep', generation: 2, now: T0 + 91 },
    outcome: 'same',
  },
  {
    row: 'kept, older',
    presented: { mode: 'keep', generation: 1, now: T0 + 300 },
    outcome: 'reused',
    changes: { endedAt: T0 + 300, endCause: 'reuse' },
  },
]

function rotate(
  stores: Stores,
  presented: Partial<Rotation> & { readonly session: string },
): Promise<RotationOutcome> {
  return stores.sessions.rotate(ISSUER, sampleRotation(presented), ({ outcome }) =>
    noted(sampleEvent({ cause: outcome })),
  )
}

/** A session whose generations were each moved at home and then graced from elsewhere, `times` in a row. */
async function shadowed(stores: Stores, times: number, shadow: Partial<Rotation>): Promise<Session> {
  const started = sampleSession()
  await stores.sessions.start(ISSUER, started, [])
  for (let generation = 0; generation < times; generation += 1)
    equal((await duel(stores, { ...started, generation }, shadow)).outcome, 'repeated')
  return (await stores.sessions.find(ISSUER, started.id)) ?? started
}

/** Moves the counter from home, then presents the same generation from elsewhere, inside the window. */
async function duel(stores: Stores, session: Session, shadow: Partial<Rotation>): Promise<RotationOutcome> {
  const { id, generation } = session
  const now = T0 + 100 * (generation + 1)
  const home = { session: id, generation, now, network: 'home', ...shadow }
  equal((await rotate(stores, home)).outcome, 'rotated')
  return rotate(stores, { ...home, now: now + 3, network: 'elsewhere' })
}
