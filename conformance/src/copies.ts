import { NOTHING } from '@jotwarden/authority'
import type { Claim } from './claim.ts'
import { everyRead } from './every-call.ts'
import { moveIn, portrait } from './household.ts'
import { same } from './same.ts'
import {
  ISSUER,
  sampleAccount,
  sampleClient,
  sampleCode,
  sampleConsent,
  sampleEvent,
  sampleKey,
  sampleLogin,
  sampleSession,
  T0,
} from './samples.ts'

/** That callers and the store share no object that either can change. */
export function copies(claim: Claim): void {
  claim('what a caller does to what a read gave it changes nothing kept', async (stores) => {
    const household = await moveIn(stores, ISSUER)
    for (const read of everyRead(household)) {
      const given = await read(stores, ISSUER)
      const before = structuredClone(given)
      scramble(given)
      same(await read(stores, ISSUER), before)
    }
  })

  claim('what a caller does to a row it has handed in changes nothing kept', async (stores) => {
    const { client, account, login, session, code, consent, key, event } = rows()
    await stores.clients.add(ISSUER, client, [])
    await stores.accounts.add(ISSUER, account, [])
    await stores.logins.start(ISSUER, login, null, [event])
    await stores.sessions.start(ISSUER, session, [])
    await stores.codes.issue(ISSUER, code, [])
    await stores.consents.give(ISSUER, consent, 0, [])
    await stores.keys.add(ISSUER, [key], [])
    const household = {
      subject: account.subject,
      username: account.username,
      client: client.id,
      secret: client.secrets[0]?.id ?? '',
      login: login.id,
      cookieHash: login.cookieHash,
      session: session.id,
      code: code.hash,
      kid: key.kid,
    }
    const before = structuredClone(await portrait(stores, ISSUER, household))
    scramble([client, account, login, session, code, consent, key, event])
    same(await portrait(stores, ISSUER, household), before)
  })

  claim('what a caller does to a session whose ending it was told changes nothing kept', async (stores) => {
    const { session } = await moveIn(stores, ISSUER)
    const ended = await stores.sessions.end(ISSUER, { session }, 'logout', T0 + 5, () => NOTHING)
    const before = structuredClone(ended)
    scramble(ended)
    same([await stores.sessions.find(ISSUER, session)], before)
  })
}

function rows() {
  const account = sampleAccount()
  const client = sampleClient()
  const owned = { subject: account.subject, client: client.id }
  const login = sampleLogin({ subject: account.subject })
  return {
    account,
    client,
    login,
    session: sampleSession({ ...owned, login: login.id }),
    code: sampleCode({ ...owned, login: login.id }),
    consent: sampleConsent(owned),
    key: sampleKey(),
    event: sampleEvent(),
  }
}

/** Changes whatever it can reach; what is frozen refuses, which is as good as a copy. */
function scramble(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Uint8Array) return void value.fill(0xee)
  for (const [name, held] of Object.entries(value)) {
    scramble(held)
    if (typeof held !== 'object' || held === null) Reflect.set(value, name, 'scrambled')
  }
  if (Array.isArray(value) && !Object.isFrozen(value)) value.push('scrambled')
}
