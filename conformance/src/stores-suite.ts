import { equal, rejects } from 'node:assert/strict'
import { NOTHING, noted } from '@jotwarden/authority'
import { type Claim, claimsOf } from './claim.ts'
import { copies } from './copies.ts'
import type { Driver, Runner } from './driver.ts'
import { everyAct, everyRead } from './every-call.ts'
import { type Household, moveIn, portrait } from './household.ts'
import { pruning } from './pruning.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import {
  ISSUER,
  OTHER_ISSUER,
  sampleConsent,
  sampleEvent,
  sampleMark,
  sampleRotation,
  T0,
} from './samples.ts'
import { twoNodes } from './two-nodes.ts'

/** What `Stores` promises for every port. */
export function storesSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('Stores', driver, runner)
  separation(claim)
  atomicity(claim)
  copies(claim)
  pruning(claim)
  closing(claim)
  twoNodes(claim, driver)
}

function separation(claim: Claim): void {
  claim("no call sees or changes another issuer's rows, though their ids are the same", async (stores) => {
    const here = await moveIn(stores, ISSUER)
    const before = await portrait(stores, ISSUER, here)
    const elsewhere = await portrait(stores, OTHER_ISSUER, here)
    same(new Set(Object.values(elsewhere).map(emptied)), new Set([undefined]))

    for (const { act } of everyAct(here)) await act(stores, OTHER_ISSUER, () => noted(sampleEvent()))
    await stores.prune(OTHER_ISSUER, T0 + 1_000_000, 100)
    same(await portrait(stores, ISSUER, here), before)

    const twin = await moveIn(stores, OTHER_ISSUER, here)
    same(await portrait(stores, ISSUER, twin), before)
  })
}

/** Undefined for what holds nothing. */
function emptied(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? undefined : value
}

function atomicity(claim: Claim): void {
  const names = everyAct(SOMEBODY).map(({ name }) => name)
  for (const name of names) {
    claim(`${name} whose record throws rejects with that error and changes nothing`, async (stores) => {
      const household = await moveIn(stores, ISSUER)
      const before = await portrait(stores, ISSUER, household)
      const failure = new Error('The recorder failed')
      const { act } = everyAct(household).find((one) => one.name === name) ?? never()
      await rejects(
        act(stores, ISSUER, () => {
          throw failure
        }),
        failure,
      )
      same(await portrait(stores, ISSUER, household), before)
      await act(stores, ISSUER, () => noted(sampleEvent()))
    })
  }

  for (const name of names) {
    claim(`${name} writes the events and the marks of its recording, with it`, async (stores) => {
      const household = await moveIn(stores, ISSUER)
      const [events, { number }] = [await stores.events.last(ISSUER), await stores.revocation.head(ISSUER)]
      const { act } = everyAct(household).find((one) => one.name === name) ?? never()
      const mark = sampleMark()
      await act(stores, ISSUER, () => ({ events: [sampleEvent()], marks: [mark] }))
      const { head, marks } = await stores.revocation.read(ISSUER, { after: number, limit: 10 })
      equal(await stores.events.last(ISSUER), events + 1)
      same([head.number, marks.map(({ id }) => id)], [number + 1, [mark.id]])
    })
  }

  claim('an act that throws among others undoes itself alone', async (stores) => {
    const { session } = await moveIn(stores, ISSUER)
    const before = (await stores.events.list(ISSUER, { after: 0, limit: 1000 })).length
    const settled = await Promise.allSettled(
      Array.from({ length: 40 }, (_, caller) => {
        const rotation = sampleRotation({ session, generation: caller, now: T0 + 20 * (caller + 1) })
        if (caller % 4 !== 3)
          return stores.consents.give(ISSUER, sampleConsent({ scopes: [`scope-${caller}`] }), 0, [
            sampleEvent(),
          ])
        return stores.sessions.rotate(ISSUER, { ...rotation, generation: 0 }, () => {
          throw new Error('The recorder failed')
        })
      }),
    )
    same(tally(settled.map(({ status }) => status)), { fulfilled: 30, rejected: 10 })
    equal((await stores.sessions.find(ISSUER, session))?.generation, 0)
    const consent = await stores.consents.find(ISSUER, sampleConsent().subject, 'ledger')
    equal(consent?.scopes.filter((scope) => scope.startsWith('scope-')).length, 30)
    equal((await stores.events.list(ISSUER, { after: 0, limit: 1000 })).length, before + 30)
  })

  claim('a read sees every act that was acknowledged before it began', async (stores) => {
    const { session } = await moveIn(stores, ISSUER)
    await race(8, async (caller) => {
      for (let step = 0; step < 25; step += 1) {
        const scope = `scope-${caller}-${step}`
        await stores.consents.give(ISSUER, sampleConsent({ client: `app-${caller}`, scopes: [scope] }), 0, [])
        const consent = await stores.consents.find(ISSUER, sampleConsent().subject, `app-${caller}`)
        equal(consent?.scopes.includes(scope), true)
      }
    })
    for (let generation = 0; generation < 25; generation += 1) {
      const rotation = sampleRotation({ session, generation, now: T0 + 20 * (generation + 1) })
      equal((await stores.sessions.rotate(ISSUER, rotation, () => NOTHING)).outcome, 'rotated')
      equal((await stores.sessions.find(ISSUER, session))?.generation, generation + 1)
    }
  })
}

function closing(claim: Claim): void {
  claim('ping answers while the store is open', async (stores) => {
    equal(await stores.ping(), undefined)
  })

  claim('close waits for the acts under way, and every later call rejects', async (stores) => {
    const household = await moveIn(stores, ISSUER)
    const underWay = race(20, () => stores.events.record(ISSUER, [sampleEvent()]))
    const closed = stores.close()
    equal((await underWay).length, 20)
    await closed
    for (const { name, act } of everyAct(household))
      await rejects(
        act(stores, ISSUER, () => NOTHING),
        Error,
        name,
      )
    for (const read of everyRead(household)) await rejects(read(stores, ISSUER))
    await rejects(stores.prune(ISSUER, T0, 10))
    await rejects(stores.ping())
  })
}

function never(): never {
  throw new Error('Cannot run the suite: it names an act that is not there')
}

const SOMEBODY: Household = {
  subject: '',
  username: '',
  client: '',
  secret: '',
  login: '',
  cookieHash: '',
  session: '',
  code: '',
  kid: '',
}
