import { equal } from 'node:assert/strict'
import type { NewMark, Stores } from '@jotwarden/authority'
import type { Mark } from '@jotwarden/policy'
import { type Claim, claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { race } from './race.ts'
import { refusedByMarks } from './refused-by-marks.ts'
import { same } from './same.ts'
import { ISSUER, OTHER_ISSUER, sampleEvent, sampleKey, sampleMark, T0 } from './samples.ts'
import { setBackLogs } from './set-back-logs.ts'

/** What `RevocationLog` promises. */
export function revocationLogSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('RevocationLog', driver, runner)
  numbering(claim)
  expiring(claim)
  narrowing(claim)
  refusing(claim)
  setBackLogs(claim)
  refusedByMarks(claim)
}

function numbering(claim: Claim): void {
  claim('an issuer without marks has the head 0 and an empty log', async ({ revocation }) => {
    same(await revocation.head(ISSUER), { number: 0, floor: 0, latestExp: 0, pulse: 0 })
    same((await revocation.read(ISSUER, { after: 0, limit: 10 })).marks, [])
    equal(await revocation.lastMark(ISSUER, { subject: 'usr_a', client: 'app' }), 0)
  })

  claim('of 60 concurrent appends the numbers are without gaps, and the head is the last', async (stores) => {
    await race(60, (caller) => append(stores, sampleMark(), ...(caller % 3 === 0 ? [sampleMark()] : [])))
    const { head, marks } = await stores.revocation.read(ISSUER, { after: 0, limit: 1000 })
    same(numbersOf(marks), counted(80))
    equal(head.number, 80)
    same(await stores.revocation.head(ISSUER), head)
  })

  claim('an act that fails leaves no gap between those beside it', async (stores) => {
    const acts = Array.from({ length: 30 }, (_, caller) =>
      stores.sessions.end(ISSUER, { session: 'nobody' }, 'logout', T0, () => {
        if (caller % 3 === 1) throw new Error('The recorder failed')
        return { events: [sampleEvent()], marks: [sampleMark()] }
      }),
    )
    await Promise.allSettled(acts)
    const { head, marks } = await stores.revocation.read(ISSUER, { after: 0, limit: 1000 })
    same(numbersOf(marks), counted(20))
    same([head.number, await stores.events.last(ISSUER)], [20, 20])
  })

  claim('read gives what lies above a number, oldest first, no more than the limit', async (stores) => {
    const wanted = Array.from({ length: 7 }, () => sampleMark())
    await append(stores, ...wanted)
    const { head, marks } = await stores.revocation.read(ISSUER, { after: 2, limit: 3 })
    equal(head.number, 7)
    const expected = wanted
      .map(({ kind, id }, index): Mark => ({ kind, id, number: index + 1, expiresAt: T0 + 600 }))
      .slice(2, 5)
    same(marks, expected)
  })

  claim('the log of one issuer is not the log of another', async (stores) => {
    await append(stores, sampleMark())
    equal((await stores.revocation.head(OTHER_ISSUER)).number, 0)
    await stores.revocation.append(OTHER_ISSUER, { events: [], marks: [sampleMark()] })
    equal((await stores.revocation.head(OTHER_ISSUER)).number, 1)
  })

  claim('append writes its events in the same act', async (stores) => {
    await stores.revocation.append(ISSUER, { events: [sampleEvent()], marks: [sampleMark()] })
    equal(await stores.events.last(ISSUER), 1)
    equal((await stores.revocation.head(ISSUER)).number, 1)
  })
}

function expiring(claim: Claim): void {
  claim('a mark without an expiry is kept until the latest exp that was covered', async (stores) => {
    await stores.revocation.cover(ISSUER, T0 + 900)
    await append(stores, sampleMark({ expiresAt: null }))
    await stores.revocation.cover(ISSUER, T0 + 1200)
    await append(stores, sampleMark({ expiresAt: null }))
    const { marks } = await stores.revocation.read(ISSUER, { after: 0, limit: 10 })
    same(
      marks.map(({ expiresAt }) => expiresAt),
      [T0 + 900, T0 + 1200],
    )
  })

  claim('cover never lowers what another node covered', async ({ revocation }) => {
    await race(20, (caller) => revocation.cover(ISSUER, T0 + 100 * ((caller * 7) % 20)))
    equal((await revocation.cover(ISSUER, T0)).latestExp, T0 + 1900)
    equal((await revocation.head(ISSUER)).latestExp, T0 + 1900)
  })

  claim(
    'prune forgets marks five minutes past their expiry, and raises the floor to what is gone',
    async (stores) => {
      await append(stores, sampleMark({ expiresAt: T0 + 10 }), sampleMark({ expiresAt: T0 + 9000 }))
      await append(stores, sampleMark({ expiresAt: T0 + 20 }), sampleMark({ expiresAt: T0 + 9000 }))
      equal(await stores.prune(ISSUER, T0 + 300, 10), 0)
      equal(await stores.prune(ISSUER, T0 + 321, 1), 2)
      const { head, marks } = await stores.revocation.read(ISSUER, { after: 0, limit: 10 })
      same(numbersOf(marks), [2, 4])
      same([head.number, head.floor], [4, 3])
    },
  )

  claim('the last mark on subject, client and issuer outlives its mark', async (stores) => {
    const wide = { expiresAt: T0 + 1 } as const
    await append(
      stores,
      sampleMark({ ...wide, kind: 'subject', id: 'usr_a' }),
      sampleMark({ ...wide, kind: 'client', id: 'app' }),
    )
    await stores.prune(ISSUER, T0 + 10_000, 100)
    same((await stores.revocation.read(ISSUER, { after: 0, limit: 10 })).marks, [])
    equal(await stores.revocation.lastMark(ISSUER, { subject: 'usr_a' }), 1)
    equal(await stores.revocation.lastMark(ISSUER, { subject: 'usr_b', client: 'app' }), 2)
    equal(await stores.revocation.lastMark(ISSUER, {}), 0)
    await append(stores, sampleMark({ kind: 'issuer', id: ISSUER }))
    equal(await stores.revocation.lastMark(ISSUER, { subject: 'usr_b' }), 3)
    equal(await stores.revocation.refuses(ISSUER, { ...token, sub: 'usr_a', rev: 2 }), 'issuer')
  })
}

function narrowing(claim: Claim): void {
  claim(
    'what is marked already is not marked again, unless it would be forgotten earlier',
    async (stores) => {
      await append(stores, sampleMark({ id: 'jti-1' }), sampleMark({ id: 'jti-1' }))
      await append(stores, sampleMark({ id: 'jti-1', expiresAt: T0 + 5 }))
      equal((await stores.revocation.head(ISSUER)).number, 1)
      await append(stores, sampleMark({ id: 'jti-1', expiresAt: T0 + 601 }))
      equal((await stores.revocation.head(ISSUER)).number, 2)
    },
  )

  claim(
    'a mark on a subject makes the narrower ones of the subject superfluous, and no others',
    async (stores) => {
      const owner = { kind: 'subject', id: 'usr_a', quota: 1000 } as const
      await append(
        stores,
        sampleMark({ owner }),
        sampleMark({ kind: 'session', owner: { ...owner, id: 'usr_b' } }),
        sampleMark({ kind: 'key', id: 'kid-1' }),
        sampleMark({ kind: 'subject', id: 'usr_a' }),
        sampleMark({ kind: 'subject', id: 'usr_a' }),
      )
      same(await kept(stores), [2, 3, 5])
      await append(stores, sampleMark({ kind: 'issuer', id: ISSUER }))
      same(await kept(stores), [2, 3, 5, 6])
      await append(stores, sampleMark({ kind: 'issuer', id: ISSUER }))
      same(await kept(stores), [2, 3, 5, 7])
    },
  )

  claim('marks beyond the quota of an owner become one mark on the owner', async (stores) => {
    const owner = { kind: 'client', id: 'app', quota: 10 } as const
    await stores.revocation.cover(ISSUER, T0 + 600)
    for (let count = 0; count < 10; count += 1) await append(stores, sampleMark({ owner }))
    equal((await kept(stores)).length, 10)
    await append(stores, sampleMark({ owner }), sampleMark())
    const { marks } = await stores.revocation.read(ISSUER, { after: 0, limit: 100 })
    same(
      marks.map(({ kind, id, number }) => [kind, kind === 'client' ? id : '', number]),
      [
        ['client', 'app', 11],
        ['token', '', 12],
      ],
    )
    await race(40, () => append(stores, sampleMark({ owner })))
    const after = await stores.revocation.read(ISSUER, { after: 0, limit: 100 })
    same(numbersOf(after.marks), [12, 52])
    equal(await stores.revocation.lastMark(ISSUER, { client: 'app' }), 52)
    const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
    same(
      events.map(({ type, cause, count }) => [type, cause, count]),
      [['client-revoked', 'quota', 41]],
    )
  })

  claim('an owner whose marks have expired begins anew', async (stores) => {
    const owner = { kind: 'subject', id: 'usr_a', quota: 10 } as const
    const later = { owner, at: T0 + 601, expiresAt: T0 + 1201 }
    for (let count = 0; count < 10; count += 1) await append(stores, sampleMark({ owner }))
    await append(stores, sampleMark(later))
    equal(await stores.revocation.lastMark(ISSUER, { subject: 'usr_a' }), 0)
  })
}

function refusing(claim: Claim): void {
  claim('refuses: marks on token, session, login and key hold whatever the rev', async (stores) => {
    const own = { jti: 'jti-1', sid: 'sid-1', login: 'login-1', kid: 'kid-1', rev: 1_000_000 }
    equal(await stores.revocation.refuses(ISSUER, { ...token, ...own }), null)
    for (const [kind, id] of [
      ['token', own.jti],
      ['session', own.sid],
      ['login', own.login],
      ['key', own.kid],
    ] as const) {
      await append(stores, sampleMark({ kind, id }))
      const member = { token: 'jti', session: 'sid', login: 'login', key: 'kid' }[kind]
      equal(await stores.revocation.refuses(ISSUER, { ...token, rev: own.rev, [member]: id }), kind)
    }
    equal(await stores.revocation.refuses(ISSUER, { ...token, jti: 'sid-1', sid: 'jti-1' }), null)
  })

  claim('refuses: marks on subject and client hold for a smaller rev alone', async (stores) => {
    await append(stores, sampleMark(), sampleMark({ kind: 'subject', id: 'usr_a' }))
    await append(stores, sampleMark({ kind: 'client', id: 'app' }))
    const asked = (rev: number | undefined, of: object) =>
      stores.revocation.refuses(ISSUER, { ...token, ...of, rev })
    same(await Promise.all([1, 2, undefined].map((rev) => asked(rev, { sub: 'usr_a' }))), [
      'subject',
      null,
      'subject',
    ])
    same(await Promise.all([2, 3].map((rev) => asked(rev, { client_id: 'app' }))), ['client', null])
    equal(await asked(0, { sub: 'app', client_id: 'usr_a' }), null)
  })

  claim('a signing key that becomes compromised is marked in the same act', async (stores) => {
    const key = sampleKey()
    const mac = sampleKey({ purpose: 'refresh-mac', alg: 'HS256', publicJwk: null })
    await stores.keys.add(ISSUER, [key, mac], [])
    const steps = [key, mac].map(({ kid }) => ({ kid, version: 1, to: 'compromised', at: T0 }) as const)
    equal(await stores.keys.transition(ISSUER, [{ ...steps[0], version: 2 } as never], []), 'conflict')
    same(await kept(stores), [])
    equal(await stores.keys.transition(ISSUER, steps, []), 'done')
    const { marks } = await stores.revocation.read(ISSUER, { after: 0, limit: 10 })
    same(marks, [{ kind: 'key', id: key.kid, number: 1, expiresAt: Number.MAX_SAFE_INTEGER }])
    await stores.prune(ISSUER, T0 + 1_000_000_000, 10)
    same(await kept(stores), [1])
  })
}

function append(stores: Stores, ...marks: readonly NewMark[]): Promise<void> {
  return stores.revocation.append(ISSUER, { events: [], marks })
}

async function kept(stores: Stores): Promise<readonly number[]> {
  return numbersOf((await stores.revocation.read(ISSUER, { after: 0, limit: 1000 })).marks)
}

function numbersOf(marks: readonly Mark[]): readonly number[] {
  return marks.map(({ number }) => number)
}

function counted(until: number): readonly number[] {
  return Array.from({ length: until }, (_, index) => index + 1)
}

const token = { iss: ISSUER, jti: 'jti-0', sub: 'usr_0', client_id: 'app-0', kid: 'kid-0' }
