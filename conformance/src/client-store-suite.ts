import { equal } from 'node:assert/strict'
import { NOTHING, noted } from '@jotwarden/authority'
import { claimsOf } from './claim.ts'
import { clientSecrets } from './client-secrets.ts'
import type { Driver, Runner } from './driver.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import {
  ISSUER,
  sampleClient,
  sampleCode,
  sampleConsent,
  sampleEvent,
  sampleLogin,
  sampleRotation,
  sampleSession,
  T0,
} from './samples.ts'

/** What `ClientStore` promises. */
export function clientStoreSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('ClientStore', driver, runner)
  clientSecrets(claim)

  claim('find gives the client as it was added, and nothing for an unknown id', async ({ clients }) => {
    const web = sampleClient()
    const native = sampleClient({ type: 'public', applicationType: 'native', secrets: [], scopes: [] })
    equal(await clients.add(ISSUER, web, []), 'added')
    equal(await clients.add(ISSUER, native, []), 'added')
    same(await clients.find(ISSUER, web.id), web)
    same(await clients.find(ISSUER, native.id), native)
    equal(await clients.find(ISSUER, 'nobody'), undefined)
  })

  claim(
    'of 50 concurrent adds of one id exactly one is added, and only it leaves a trace',
    async (stores) => {
      const id = sampleClient().id
      const answers = await race(50, (caller) =>
        stores.clients.add(ISSUER, sampleClient({ id, name: `Caller ${caller}` }), [
          sampleEvent({ type: 'client-added', client: id, cause: `Caller ${caller}` }),
        ]),
      )
      same(tally(answers), { added: 1, exists: 49 })
      const winner = `Caller ${answers.indexOf('added')}`
      equal((await stores.clients.find(ISSUER, id))?.name, winner)
      const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
      same(
        events.map((event) => event.cause),
        [winner],
      )
    },
  )

  claim('addAll adds all or none, or skips those that are there and leaves them alone', async (stores) => {
    const { clients } = stores
    const [known, ...others] = [sampleClient(), sampleClient(), sampleClient()] as const
    await clients.add(ISSUER, known, [])
    const all = [...others, { ...known, name: 'Another' }]
    const add = (taken: 'refuse' | 'skip') => clients.addAll(ISSUER, all, taken, () => NOTHING)
    same(await add('refuse'), { added: [], taken: [known.id] })
    same(await clients.list(ISSUER), [known])
    const ids = others.map(({ id }) => id)
    same(await add('skip'), { added: ids, taken: [known.id] })
    same(await add('skip'), { added: [], taken: all.map(({ id }) => id) })
    same(await clients.find(ISSUER, known.id), known)
    for (const client of others) same(await clients.find(ISSUER, client.id), client)
  })

  claim(
    'of 20 concurrent calls of addAll that share an id one adds, and the others add nothing',
    async (stores) => {
      const shared = sampleClient().id
      const own = Array.from({ length: 20 }, () => sampleClient())
      const answers = await race(20, (caller) =>
        stores.clients.addAll(
          ISSUER,
          [...own.slice(caller, caller + 1), sampleClient({ id: shared })],
          'refuse',
          ({ added }) => noted(sampleEvent({ type: 'client-added', cause: String(added.length) })),
        ),
      )
      same(tally(answers.map(({ added }) => String(added.length))), { 0: 19, 2: 1 })
      equal((await stores.clients.list(ISSUER)).length, 2)
      const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
      same(tally(events.map(({ cause }) => cause ?? '')), { 0: 19, 2: 1 })
    },
  )

  claim('list gives all clients by id', async ({ clients }) => {
    same(await clients.list(ISSUER), [])
    const added = ['m', 'z', 'a', 'B'].map((id) => sampleClient({ id }))
    for (const client of added) await clients.add(ISSUER, client, [])
    same(
      (await clients.list(ISSUER)).map((client) => client.id),
      ['B', 'a', 'm', 'z'],
    )
  })

  claim('remove ends the sessions of the client, voids its codes and consents, no others', async (stores) => {
    const login = sampleLogin()
    await stores.logins.start(ISSUER, login, null, [])
    const [gone, kept] = [sampleClient(), sampleClient()]
    const ofClient = new Map(
      [gone, kept].map((client) => {
        const code = sampleCode({ login: login.id, client: client.id })
        return [client, { session: sampleSession({ client: client.id }), code }] as const
      }),
    )
    for (const [client, { session, code }] of ofClient) {
      await stores.clients.add(ISSUER, client, [])
      await stores.sessions.start(ISSUER, session, [])
      await stores.codes.issue(ISSUER, code, [])
      await stores.consents.give(ISSUER, sampleConsent({ client: client.id }), 0, [])
    }

    equal(await stores.clients.remove(ISSUER, gone.id, T0 + 5, () => NOTHING), 'removed')

    const redeemed = async (client: typeof gone) => {
      const code = ofClient.get(client)?.code.hash ?? ''
      return (await stores.codes.redeem(ISSUER, code, sampleSession(), T0 + 6, () => NOTHING)).outcome
    }
    const cause = async (client: typeof gone) =>
      (await stores.sessions.find(ISSUER, ofClient.get(client)?.session.id ?? ''))?.endCause
    equal(await stores.clients.find(ISSUER, gone.id), undefined)
    equal(await cause(gone), 'client-removed')
    equal(await redeemed(gone), 'refused')
    equal(await stores.consents.find(ISSUER, sampleConsent().subject, gone.id), undefined)
    equal((await stores.clients.find(ISSUER, kept.id))?.id, kept.id)
    equal(await cause(kept), null)
    equal(await redeemed(kept), 'redeemed')
    equal((await stores.consents.find(ISSUER, sampleConsent().subject, kept.id))?.client, kept.id)
  })

  claim(
    'of 20 concurrent removals exactly one is removed; each is recorded as what it was',
    async (stores) => {
      const client = sampleClient()
      await stores.clients.add(ISSUER, client, [])
      const answers = await race(20, () =>
        stores.clients.remove(ISSUER, client.id, T0, (outcome) =>
          noted(sampleEvent({ type: 'client-removed', cause: outcome })),
        ),
      )
      same(tally(answers), { removed: 1, unknown: 19 })
      const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
      same(tally(events.map((event) => event.cause ?? '')), { removed: 1, unknown: 19 })
    },
  )

  claim('a rotation that races the removal never survives it', async (stores) => {
    const client = sampleClient()
    const session = sampleSession({ client: client.id })
    await stores.clients.add(ISSUER, client, [])
    await stores.sessions.start(ISSUER, session, [])
    await race(30, (caller): Promise<unknown> => {
      if (caller === 15) return stores.clients.remove(ISSUER, client.id, T0 + 100, () => NOTHING)
      return stores.sessions.rotate(ISSUER, sampleRotation({ session: session.id }), () => NOTHING)
    })
    const row = await stores.sessions.find(ISSUER, session.id)
    same([row?.endedAt, row?.endCause], [T0 + 100, 'client-removed'])
    const later = sampleRotation({ session: session.id, generation: row?.generation ?? 0, now: T0 + 200 })
    equal((await stores.sessions.rotate(ISSUER, later, () => NOTHING)).outcome, 'ended')
  })
}
