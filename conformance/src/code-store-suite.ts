import { equal } from 'node:assert/strict'
import { type Code, type Login, NOTHING, noted, type Stores } from '@jotwarden/authority'
import { type Claim, claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import { ISSUER, sampleCode, sampleEvent, sampleLogin, sampleSession, T0 } from './samples.ts'

/** What `CodeStore` promises. */
export function codeStoreSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('CodeStore', driver, runner)
  issuing(claim)
  redeeming(claim)
  refusing(claim)
  racing(claim)
}

function issuing(claim: Claim): void {
  claim('find gives the code as issued, in the act that recorded it', async (stores) => {
    const { login, code } = await issued(stores)
    const bare = sampleCode({ login: login.id, nonce: null, acr: 'urn:example:strong', resources: [] })
    await stores.codes.issue(ISSUER, bare, [sampleEvent({ cause: 'issued' })])
    same(await stores.codes.find(ISSUER, code.hash), code)
    same(await stores.codes.find(ISSUER, bare.hash), bare)
    equal(await stores.codes.find(ISSUER, sampleCode({ login: login.id }).hash), undefined)
    equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.cause, 'issued')
  })

  claim('issue adds nothing under a login that has ended or is unknown', async (stores) => {
    const login = sampleLogin()
    await stores.logins.start(ISSUER, login, null, [])
    await stores.logins.end(ISSUER, login.id, T0, () => NOTHING)
    for (const code of [sampleCode({ login: login.id }), sampleCode({ login: sampleLogin().id })]) {
      equal(await stores.codes.issue(ISSUER, code, [sampleEvent()]), 'login-ended')
      equal(await stores.codes.find(ISSUER, code.hash), undefined)
    }
    same(await stores.events.list(ISSUER, { after: 0, limit: 9 }), [])
  })
}

function redeeming(claim: Claim): void {
  claim('redeem: redeemed adds the session, names it in the code and records the outcome', async (stores) => {
    const { login, code } = await issued(stores)
    const session = sampleSession({ login: login.id })
    const outcome = await stores.codes.redeem(ISSUER, code.hash, session, T0 + 59, (given) =>
      noted(sampleEvent({ type: 'session-started', cause: given.outcome })),
    )
    same(outcome, { outcome: 'redeemed' })
    same(await stores.sessions.find(ISSUER, session.id), session)
    same(await stores.codes.find(ISSUER, code.hash), { ...code, session: session.id })
    equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.cause, 'redeemed')
  })

  claim('redeem: replayed ends the session of the first use, names it and adds none', async (stores) => {
    const { login, code } = await issued(stores)
    const [first, second] = [sampleSession({ login: login.id }), sampleSession({ login: login.id })]
    await stores.codes.redeem(ISSUER, code.hash, first, T0 + 1, () => NOTHING)
    const outcome = await stores.codes.redeem(ISSUER, code.hash, second, T0 + 2, (given) =>
      noted(sampleEvent({ type: 'code-replayed', cause: given.outcome })),
    )
    same(outcome, { outcome: 'replayed', session: first.id })
    const row = await stores.sessions.find(ISSUER, first.id)
    same([row?.endedAt, row?.endCause], [T0 + 2, 'code-replayed'])
    equal(await stores.sessions.find(ISSUER, second.id), undefined)
    equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.cause, 'replayed')
  })

  claim(
    'redeem: a replay is noticed within ten minutes past expiry, pruned in between or not',
    async (stores) => {
      const { login, code } = await issued(stores)
      const first = sampleSession({ login: login.id })
      await stores.codes.redeem(ISSUER, code.hash, first, T0 + 1, () => NOTHING)
      await stores.prune(ISSUER, code.expiresAt + 599, 100)
      const outcome = await stores.codes.redeem(
        ISSUER,
        code.hash,
        sampleSession(),
        code.expiresAt + 599,
        () => NOTHING,
      )
      same(outcome, { outcome: 'replayed', session: first.id })
      equal((await stores.sessions.find(ISSUER, first.id))?.endCause, 'code-replayed')
    },
  )

  claim('redeem: a replay keeps the cause of a session that had ended before', async (stores) => {
    const { login, code } = await issued(stores)
    const first = sampleSession({ login: login.id })
    await stores.codes.redeem(ISSUER, code.hash, first, T0 + 1, () => NOTHING)
    await stores.sessions.end(ISSUER, { session: first.id }, 'logout', T0 + 2, () => NOTHING)
    const outcome = await stores.codes.redeem(ISSUER, code.hash, sampleSession(), T0 + 3, () => NOTHING)
    equal(outcome.outcome, 'replayed')
    const row = await stores.sessions.find(ISSUER, first.id)
    same([row?.endedAt, row?.endCause], [T0 + 2, 'logout'])
  })
}

function refusing(claim: Claim): void {
  const refusals: readonly [string, (stores: Stores, code: Code, login: Login) => Promise<unknown>][] = [
    ['it has expired', async () => undefined],
    [
      'its client voided it',
      (stores, code) =>
        stores.sessions.end(ISSUER, { client: code.client }, 'administrator', T0, () => NOTHING),
    ],
    [
      'its subject voided it',
      (stores, code) =>
        stores.sessions.end(ISSUER, { subject: code.subject }, 'administrator', T0, () => NOTHING),
    ],
    ['its login has ended', (stores, _, login) => stores.logins.end(ISSUER, login.id, T0, () => NOTHING)],
    [
      'its login was replaced',
      (stores, _, login) => stores.logins.start(ISSUER, sampleLogin(), login.id, []),
    ],
  ]
  for (const [reason, prepare] of refusals) {
    claim(`redeem: refused when ${reason}; nothing but the record changes`, async (stores) => {
      const { login, code } = await issued(stores)
      await prepare(stores, code, login)
      const now = reason === 'it has expired' ? code.expiresAt : T0 + 1
      const session = sampleSession({ login: login.id })
      const outcome = await stores.codes.redeem(ISSUER, code.hash, session, now, (given) =>
        noted(sampleEvent({ cause: given.outcome })),
      )
      same(outcome, { outcome: 'refused' })
      equal(await stores.sessions.find(ISSUER, session.id), undefined)
      equal((await stores.codes.find(ISSUER, code.hash))?.session, null)
      equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.cause, 'refused')
    })
  }

  claim('redeem: unknown adds nothing', async (stores) => {
    const session = sampleSession()
    const hash = sampleCode({ login: '' }).hash
    same(await stores.codes.redeem(ISSUER, hash, session, T0, () => NOTHING), { outcome: 'unknown' })
    equal(await stores.sessions.find(ISSUER, session.id), undefined)
  })
}

function racing(claim: Claim): void {
  claim(
    'redeem: of 100 concurrent calls exactly one is redeemed, and the replays end its session',
    async (stores) => {
      const { login, code } = await issued(stores)
      const sessions = Array.from({ length: 100 }, () => sampleSession({ login: login.id }))
      const outcomes = await Promise.all(
        sessions.map((session) => stores.codes.redeem(ISSUER, code.hash, session, T0 + 1, () => NOTHING)),
      )
      same(tally(outcomes), { redeemed: 1, replayed: 99 })
      const winner = sessions[outcomes.findIndex(({ outcome }) => outcome === 'redeemed')]
      const named = outcomes.flatMap((given) => (given.outcome === 'replayed' ? [given.session] : []))
      same([...new Set(named)], [winner?.id])
      equal((await stores.sessions.find(ISSUER, winner?.id ?? ''))?.endCause, 'code-replayed')
      for (const session of sessions.filter((one) => one !== winner))
        equal(await stores.sessions.find(ISSUER, session.id), undefined)
    },
  )

  claim('redeem: 100 codes redeemed at once are each redeemed once', async (stores) => {
    const login = sampleLogin()
    await stores.logins.start(ISSUER, login, null, [])
    const codes = Array.from({ length: 100 }, () => sampleCode({ login: login.id }))
    await Promise.all(codes.map((code) => stores.codes.issue(ISSUER, code, [])))
    const outcomes = await race(100, (caller) =>
      stores.codes.redeem(
        ISSUER,
        codes[caller]?.hash ?? '',
        sampleSession({ login: login.id }),
        T0,
        () => NOTHING,
      ),
    )
    same(tally(outcomes), { redeemed: 100 })
  })

  claim('issue that races the end of its login leaves no code that can be used', async (stores) => {
    const login = sampleLogin()
    await stores.logins.start(ISSUER, login, null, [])
    const codes = Array.from({ length: 30 }, () => sampleCode({ login: login.id }))
    await race(31, (caller): Promise<unknown> => {
      if (caller === 15) return stores.logins.end(ISSUER, login.id, T0, () => NOTHING)
      const code = codes[caller < 15 ? caller : caller - 1]
      return code === undefined ? Promise.resolve() : stores.codes.issue(ISSUER, code, [])
    })
    for (const code of codes) {
      const { outcome } = await stores.codes.redeem(ISSUER, code.hash, sampleSession(), T0 + 1, () => NOTHING)
      equal(outcome === 'refused' || outcome === 'unknown', true, outcome)
    }
  })
}

async function issued(stores: Stores): Promise<{ readonly login: Login; readonly code: Code }> {
  const login = sampleLogin()
  const code = sampleCode({ login: login.id })
  await stores.logins.start(ISSUER, login, null, [])
  equal(await stores.codes.issue(ISSUER, code, []), 'issued')
  return { login, code }
}
