import { equal } from 'node:assert/strict'
import { NOTHING, noted } from '@jotwarden/authority'
import { claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { loginsOfOnePerson } from './of-one-person.ts'
import { race } from './race.ts'
import { same } from './same.ts'
import { ISSUER, sampleCode, sampleEvent, sampleLogin, sampleRotation, sampleSession, T0 } from './samples.ts'

/** What `LoginStore` promises. */
export function loginStoreSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('LoginStore', driver, runner)

  claim(
    'find gives the login of the cookie as it was started, in the act that recorded it',
    async (stores) => {
      const login = sampleLogin({ acr: 'urn:example:strong', amr: ['pwd', 'otp'] })
      await stores.logins.start(ISSUER, login, null, [
        sampleEvent({ type: 'login-succeeded', login: login.id }),
      ])
      same(await stores.logins.find(ISSUER, login.cookieHash), login)
      equal(await stores.logins.find(ISSUER, login.id), undefined)
      equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.login, login.id)
    },
  )

  claim(
    'start ends the login it replaces in the same act, and the sessions of that one go on',
    async (stores) => {
      const first = sampleLogin()
      const second = sampleLogin({ authTime: T0 + 50 })
      const session = sampleSession({ login: first.id })
      await stores.logins.start(ISSUER, first, null, [])
      await stores.sessions.start(ISSUER, session, [])
      await stores.logins.start(ISSUER, second, first.id, [])
      equal(typeof (await stores.logins.find(ISSUER, first.cookieHash))?.endedAt, 'number')
      same(await stores.logins.find(ISSUER, second.cookieHash), second)
      same(await stores.sessions.find(ISSUER, session.id), session)
    },
  )

  claim('end ends the login and the sessions under it and voids its codes, no others', async (stores) => {
    const [own, other] = [sampleLogin(), sampleLogin()]
    const [session, otherSession] = [sampleSession({ login: own.id }), sampleSession({ login: other.id })]
    const [code, otherCode] = [sampleCode({ login: own.id }), sampleCode({ login: other.id })]
    for (const login of [own, other]) await stores.logins.start(ISSUER, login, null, [])
    for (const row of [session, otherSession]) await stores.sessions.start(ISSUER, row, [])
    for (const row of [code, otherCode]) await stores.codes.issue(ISSUER, row, [])

    const outcome = await stores.logins.end(ISSUER, own.id, T0 + 5, (given) =>
      noted(sampleEvent({ type: 'login-ended', cause: given })),
    )

    equal(outcome, 'ended')
    equal((await stores.logins.find(ISSUER, own.cookieHash))?.endedAt, T0 + 5)
    equal((await stores.sessions.find(ISSUER, session.id))?.endedAt, T0 + 5)
    const redeem = (hash: string) =>
      stores.codes.redeem(ISSUER, hash, sampleSession({ login: other.id }), T0 + 6, () => NOTHING)
    equal((await redeem(code.hash)).outcome, 'refused')
    same(await stores.logins.find(ISSUER, other.cookieHash), other)
    same(await stores.sessions.find(ISSUER, otherSession.id), otherSession)
    equal((await redeem(otherCode.hash)).outcome, 'redeemed')
    equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.cause, 'ended')
  })

  claim('end of a replaced login ends the sessions that went on', async (stores) => {
    const first = sampleLogin()
    const session = sampleSession({ login: first.id })
    await stores.logins.start(ISSUER, first, null, [])
    await stores.sessions.start(ISSUER, session, [])
    await stores.logins.start(ISSUER, sampleLogin(), first.id, [])
    await stores.logins.end(ISSUER, first.id, T0 + 5, () => NOTHING)
    equal((await stores.sessions.find(ISSUER, session.id))?.endedAt, T0 + 5)
  })

  claim(
    'end of a login whose row is gone says so, and ends the sessions that outlived it',
    async (stores) => {
      const login = sampleLogin({ expiresAt: T0 + 10 })
      const [session, other] = [sampleSession({ login: login.id }), sampleSession()]
      await stores.logins.start(ISSUER, login, null, [])
      for (const row of [session, other]) await stores.sessions.start(ISSUER, row, [])
      equal(await stores.prune(ISSUER, T0 + 11, 100), 1)
      equal(await stores.logins.end(ISSUER, login.id, T0 + 12, () => NOTHING), 'unknown')
      const after = await stores.sessions.find(ISSUER, session.id)
      same([after?.endedAt, after?.endCause], [T0 + 12, 'logout'])
      same(await stores.sessions.find(ISSUER, other.id), other)
    },
  )

  claim('end of an unknown login is recorded as such', async (stores) => {
    const outcome = await stores.logins.end(ISSUER, sampleLogin().id, T0, (given) =>
      noted(sampleEvent({ cause: given })),
    )
    equal(outcome, 'unknown')
    equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.cause, 'unknown')
  })

  loginsOfOnePerson(claim)

  claim('no session is left live by a start, redemption or rotation that races the end', async (stores) => {
    const login = sampleLogin()
    const session = sampleSession({ login: login.id })
    const codes = Array.from({ length: 15 }, () => sampleCode({ login: login.id }))
    await stores.logins.start(ISSUER, login, null, [])
    await stores.sessions.start(ISSUER, session, [])
    for (const code of codes) await stores.codes.issue(ISSUER, code, [])
    await race(45, (caller): Promise<unknown> => {
      if (caller === 22) return stores.logins.end(ISSUER, login.id, T0 + 5, () => NOTHING)
      const fresh = sampleSession({ login: login.id })
      if (caller % 3 === 0) return stores.sessions.start(ISSUER, fresh, [])
      if (caller % 3 === 1)
        return stores.codes.redeem(ISSUER, codes[(caller - 1) / 3]?.hash ?? '', fresh, T0 + 5, () => NOTHING)
      return stores.sessions.rotate(
        ISSUER,
        sampleRotation({ session: session.id, now: T0 + 5 }),
        () => NOTHING,
      )
    })
    same(await stores.sessions.list(ISSUER, { subject: login.subject }, T0 + 6), [])
  })
}
