import { equal } from 'node:assert/strict'
import { NOTHING, type Stores } from '@jotwarden/authority'
import type { MarkKind } from '@jotwarden/policy'
import type { Claim } from './claim.ts'
import { same } from './same.ts'
import {
  ISSUER,
  sampleCode,
  sampleConsent,
  sampleEvent,
  sampleLogin,
  sampleMark,
  sampleRotation,
  sampleSession,
  T0,
} from './samples.ts'

/** That no step of a sign-in or a session gets past the last mark on its subject, client or issuer. */
export function refusedByMarks(claim: Claim): void {
  for (const [kind, id] of aims) {
    claim(`a session with an earlier rev than the last mark on its ${kind} has ended`, async (stores) => {
      const before = sampleSession({ subject: 'usr_a', client: 'app' })
      await stores.sessions.start(ISSUER, before, [])
      await mark(stores, kind, id)
      const after = sampleSession({ subject: 'usr_a', client: 'app', rev: 1 })
      equal(await stores.sessions.start(ISSUER, after, []), 'started')
      equal((await rotated(stores, before.id)).outcome, 'ended')
      equal((await rotated(stores, after.id)).outcome, 'rotated')
    })

    claim(
      `a session with an earlier rev than the last mark on its ${kind} does not start`,
      async (stores) => {
        await mark(stores, kind, id)
        const session = sampleSession({ subject: 'usr_a', client: 'app' })
        equal(await stores.sessions.start(ISSUER, session, []), 'revoked')
        equal(await stores.sessions.find(ISSUER, session.id), undefined)
      },
    )

    claim(
      `a code with an earlier rev than the last mark on its ${kind} is neither issued nor redeemed`,
      async (stores) => {
        const login = sampleLogin({ subject: 'usr_a', rev: 1 })
        await stores.logins.start(ISSUER, login, null, [])
        const owned = { login: login.id, subject: 'usr_a', client: 'app' }
        const early = sampleCode(owned)
        equal(await stores.codes.issue(ISSUER, early, []), 'issued')
        await mark(stores, kind, id)
        equal(await stores.codes.issue(ISSUER, sampleCode(owned), []), 'login-ended')
        equal(await redeemed(stores, early.hash), 'refused')
        const late = sampleCode({ ...owned, rev: 1 })
        equal(await stores.codes.issue(ISSUER, late, []), 'issued')
        equal(await redeemed(stores, late.hash), 'redeemed')
      },
    )

    claim(`a consent with an earlier rev than the last mark on its ${kind} is not given`, async (stores) => {
      const consent = sampleConsent({ subject: 'usr_a', client: 'app' })
      await mark(stores, kind, id)
      equal(await stores.consents.give(ISSUER, consent, 0, [sampleEvent()]), 'revoked')
      equal(await stores.consents.find(ISSUER, 'usr_a', 'app'), undefined)
      same(await stores.events.list(ISSUER, { after: 0, limit: 9 }), [])
      equal(await stores.consents.give(ISSUER, consent, 1, []), 'given')
    })
  }

  for (const [kind, id] of aims.filter(([one]) => one !== 'client')) {
    claim(`a login with an earlier rev than the last mark on its ${kind} does not start`, async (stores) => {
      await mark(stores, kind, id)
      const early = sampleLogin({ subject: 'usr_a' })
      equal(await stores.logins.start(ISSUER, early, null, []), 'revoked')
      equal(await stores.logins.find(ISSUER, early.cookieHash), undefined)
      equal(await stores.logins.start(ISSUER, sampleLogin({ subject: 'usr_a', rev: 1 }), null, []), 'started')
    })
  }
}

const aims: readonly (readonly [MarkKind, string])[] = [
  ['subject', 'usr_a'],
  ['client', 'app'],
  ['issuer', ISSUER],
]

function mark(stores: Stores, kind: MarkKind, id: string): Promise<void> {
  return stores.revocation.append(ISSUER, { events: [], marks: [sampleMark({ kind, id })] })
}

function rotated(stores: Stores, session: string) {
  return stores.sessions.rotate(ISSUER, sampleRotation({ session }), () => NOTHING)
}

async function redeemed(stores: Stores, hash: string): Promise<string> {
  const session = sampleSession({ subject: 'usr_a', client: 'app' })
  return (await stores.codes.redeem(ISSUER, hash, session, T0 + 1, () => NOTHING)).outcome
}
