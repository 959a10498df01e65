import { decideRotation as decide, type Rotation, type Session } from '@jotwarden/authority'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const NOW = 1_800_000_000

const session: Session = {
  id: 'AAAAAAAAAAAAAAAAAAAAAA',
  login: null,
  client: 'app',
  subject: 'usr_x',
  scope: [],
  resources: [],
  confirmation: null,
  authTime: null,
  acr: null,
  amr: [],
  device: null,
  seed: new Uint8Array(32),
  generation: 5,
  rotatedAt: NOW - 5,
  rev: 7,
  macKid: 'old',
  network: 'home',
  gracedGeneration: null,
  gracedInRow: 0,
  statusIndex: null,
  createdAt: NOW - 1000,
  idleExpiresAt: NOW + 1000,
  absoluteExpiresAt: NOW + 10_000,
  endedAt: null,
  endCause: null,
}

const rotation: Rotation = {
  session: session.id,
  generation: 5,
  now: NOW,
  mode: 'rotate',
  graceWindow: 10,
  idleLifetime: 1000,
  macKid: 'new',
  network: 'home',
  shadowLimit: 3,
  endShadowed: false,
}

describe('decideRotation()', () => {
  const TABLE: readonly (readonly [string, Partial<Session>, Partial<Rotation>, string])[] = [
    ['current, never rotated', { rotatedAt: null }, {}, 'rotated'],
    ['current, at the window’s end', {}, { now: NOW + 5 }, 'same'],
    ['current, just after', {}, { now: NOW + 5.001 }, 'rotated'],
    ['current, the clock set back within the window', {}, { now: NOW - 15 }, 'same'],
    ['current, the clock set back further', {}, { now: NOW - 15.001 }, 'rotated'],
    ['previous, at the window’s end', {}, { generation: 4, now: NOW + 5 }, 'repeated'],
    ['previous, just after', {}, { generation: 4, now: NOW + 5.001 }, 'reused'],
    [
      'previous, the clock set back further than the window',
      {},
      { generation: 4, now: NOW - 15.001 },
      'reused',
    ],
    ['previous, never rotated', { rotatedAt: null }, { generation: 4 }, 'reused'],
    ['before the previous', {}, { generation: 3 }, 'reused'],
    ['the first, much later', {}, { generation: 0 }, 'reused'],
    ['newer', {}, { generation: 6 }, 'ahead'],
    ['ended', { endedAt: NOW - 1, endCause: 'logout' }, {}, 'ended'],
    ['ended, and old', { endedAt: NOW - 1, endCause: 'logout' }, { generation: 0 }, 'ended'],
    ['idle to the second', { idleExpiresAt: NOW }, {}, 'ended'],
    ['idle but for a moment', { idleExpiresAt: NOW + 0.001 }, {}, 'same'],
    ['at its absolute expiry', { absoluteExpiresAt: NOW }, {}, 'ended'],
    ['kept', {}, { mode: 'keep', now: NOW + 500 }, 'same'],
    ['kept, an older one', {}, { mode: 'keep', generation: 3 }, 'reused'],
    ['a window of nothing, at once', {}, { graceWindow: 0, generation: 4 }, 'reused'],
  ]
  for (const [name, row, change, expected] of TABLE) {
    test(`${name}: ${expected}`, () => {
      expect(decideRotation({ ...session, ...row }, { ...rotation, ...change }).outcome).toBe(expected)
    })
  }

  test('no such session: unknown', () => {
    expect(decideRotation(undefined, rotation)).toEqual({ outcome: 'unknown' })
  })

  test('a move writes counter, time, key, network and idle expiry, and never the absolute one', () => {
    const decided = decideRotation(session, { ...rotation, now: NOW + 100, network: 'cafe' })
    expect(decided).toEqual({
      outcome: 'rotated',
      session: {
        ...session,
        generation: 6,
        rotatedAt: NOW + 100,
        macKid: 'new',
        network: 'cafe',
        idleExpiresAt: NOW + 1100,
      },
    })
  })

  test.each([
    ['the same head as the last mark', 7, 7, 'rotated'],
    ['a head after it', 8, 7, 'rotated'],
    ['a head before it', 6, 7, 'ended'],
  ])('a session with %s', (_, rev, lastMark, expected) => {
    expect(decide({ ...session, rev }, { ...rotation, now: NOW + 100 }, lastMark).outcome).toBe(expected)
  })

  test('whatever does not move the counter leaves the key where it is, so that the bytes stay the same', () => {
    fc.assert(
      fc.property(
        fc.nat(7),
        fc.integer({ min: -50, max: 50 }),
        fc.constantFrom('rotate', 'keep'),
        (generation, shift, mode) => {
          const decided = decideRotation(session, { ...rotation, generation, now: NOW + shift, mode })
          if (decided.outcome === 'unknown' || decided.outcome === 'rotated') return
          expect([decided.session.macKid, decided.session.generation]).toEqual(['old', 5])
        },
      ),
    )
  })

  test('a kept token’s idle expiry moves in steps of a minute, or of a tenth of a short life', () => {
    const kept = (idleLifetime: number, left: number) => {
      const row = { ...session, idleExpiresAt: NOW + left }
      const decided = decideRotation(row, { ...rotation, mode: 'keep', idleLifetime })
      return decided.outcome === 'same' && decided.session.idleExpiresAt !== row.idleExpiresAt
    }
    expect([kept(86_400, 86_400 - 60), kept(86_400, 86_400 - 61)]).toEqual([false, true])
    expect([kept(100, 90), kept(100, 89)]).toEqual([false, true])
  })

  test('graced generations from another network are counted once each, in a row, from any count', () => {
    const graced = (row: Partial<Session>) =>
      decideRotation({ ...session, ...row }, { ...rotation, generation: 4, network: 'elsewhere' })
    expect(graced({})).toMatchObject({
      outcome: 'repeated',
      session: { gracedGeneration: 5, gracedInRow: 1 },
    })
    const counted = { gracedGeneration: 5, gracedInRow: 2 }
    expect(graced(counted)).toMatchObject({ outcome: 'repeated', session: counted })
    const oneBefore = { gracedGeneration: 4, gracedInRow: 1 }
    expect(graced(oneBefore)).toMatchObject({ outcome: 'repeated', session: { gracedInRow: 2 } })
    const longBefore = { gracedGeneration: 3, gracedInRow: 2 }
    expect(graced(longBefore)).toMatchObject({ outcome: 'repeated', session: { gracedInRow: 1 } })
    const twoBefore = { gracedGeneration: 4, gracedInRow: 2 }
    expect(graced(twoBefore)).toMatchObject({ outcome: 'shadowed', ended: false, session: { endedAt: null } })
    expect(
      decideRotation(
        { ...session, ...twoBefore },
        { ...rotation, generation: 4, network: 'elsewhere', endShadowed: true },
      ),
    ).toMatchObject({ outcome: 'shadowed', ended: true, session: { endedAt: NOW, endCause: 'shadowed' } })
    expect(
      decideRotation(
        { ...session, ...twoBefore },
        { ...rotation, generation: 4, network: 'elsewhere', shadowLimit: 0 },
      ),
    ).toMatchObject({ outcome: 'repeated' })
  })
})

/** Without any mark on subject, client or issuer. */
function decideRotation(row: Session | undefined, asked: Rotation) {
  return decide(row, asked, 0)
}
