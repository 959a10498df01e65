import { equal } from 'node:assert/strict'
import type { Holding, Stores } from '@jotwarden/authority'
import { type Claim, claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import { ISSUER, OTHER_ISSUER, sampleEvent, sampleHolding, sampleKey, T0 } from './samples.ts'

/** What `HolderRecords` promises. */
export function holderRecordsSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('HolderRecords', driver, runner)
  adding(claim)
  removing(claim)
  offboarding(claim)
  settling(claim)
}

function adding(claim: Claim): void {
  claim('list gives what was added, by holder and secret, in the act that recorded it', async (stores) => {
    const [zoe, backup, kek] = [
      sampleHolding({ holder: 'zoë', kind: 'system', secret: 'shared:https://api.example' }),
      sampleHolding({ holder: 'ada', secret: 'kek-backup', because: 'the safe needs two' }),
      sampleHolding({ holder: 'ada', secret: 'kek' }),
    ]
    for (const holding of [zoe, backup, kek])
      equal(await stores.holders.add(ISSUER, holding, [ADDED]), 'added')
    same(await stores.holders.list(ISSUER), [present(kek), present(backup), present(zoe)])
    same(await events(stores), ['holder-added', 'holder-added', 'holder-added'])
    same(await stores.holders.list(OTHER_ISSUER), [])
  })

  claim('add: exists for a holder who has or had the secret, and nothing is written', async (stores) => {
    const holding = sampleHolding()
    await stores.holders.add(ISSUER, holding, [])
    equal(await stores.holders.add(ISSUER, { ...holding, since: T0 + 9 }, [ADDED]), 'exists')
    await stores.holders.offboard(ISSUER, leaving(holding.holder), [])
    await stores.holders.settle(ISSUER, holding.holder, T0 + 9, [])
    equal(await stores.holders.add(ISSUER, holding, [ADDED]), 'exists')
    same(await events(stores), [])
  })

  claim('add: of 20 concurrent calls for the last place exactly one is added', async (stores) => {
    await stores.holders.add(ISSUER, sampleHolding(), [])
    const answers = await race(20, () => stores.holders.add(ISSUER, sampleHolding(), [ADDED]))
    same(tally(answers), { added: 1, full: 19 })
    equal((await stores.holders.list(ISSUER)).length, 2)
    same(await events(stores), ['holder-added'])
  })

  claim(
    'add: a third holder is full unless it is written out why; each secret counts alone',
    async (stores) => {
      for (const secret of ['client:app', 'client:other'] as const) {
        for (const outcome of ['added', 'added', 'full'])
          equal(await stores.holders.add(ISSUER, sampleHolding({ secret }), []), outcome)
      }
      const third = sampleHolding({ secret: 'client:app', because: 'two sites' })
      equal(await stores.holders.add(ISSUER, third, []), 'added')
    },
  )

  claim('add: who left counts until it is settled, since they still know the secret', async (stores) => {
    const ada = sampleHolding()
    for (const holding of [ada, sampleHolding()]) await stores.holders.add(ISSUER, holding, [])
    await stores.holders.offboard(ISSUER, leaving(ada.holder), [])
    equal(await stores.holders.add(ISSUER, sampleHolding(), []), 'full')
    await stores.holders.settle(ISSUER, ada.holder, T0 + 9, [])
    equal(await stores.holders.add(ISSUER, sampleHolding(), []), 'added')
  })
}

function removing(claim: Claim): void {
  claim('remove: of 10 concurrent calls one is removed, and the holding is gone', async (stores) => {
    const [held, other] = [
      sampleHolding({ holder: 'ada' }),
      sampleHolding({ holder: 'ada', secret: 'shared:a' }),
    ]
    for (const holding of [held, other]) await stores.holders.add(ISSUER, holding, [])
    const answers = await race(10, () => stores.holders.remove(ISSUER, 'ada', 'kek', [sampleEvent()]))
    same(tally(answers), { removed: 1, unknown: 9 })
    same(await stores.holders.list(ISSUER), [present(other)])
    equal((await events(stores)).length, 1)
  })

  claim('remove: left, with nothing changed, once the holder was offboarded', async (stores) => {
    const { holder, secret } = sampleHolding()
    await stores.holders.add(ISSUER, sampleHolding({ holder, secret }), [])
    await stores.holders.offboard(ISSUER, leaving(holder), [])
    const before = await stores.holders.list(ISSUER)
    equal(await stores.holders.remove(ISSUER, holder, secret, [ADDED]), 'left')
    same(await stores.holders.list(ISSUER), before)
    same(await events(stores), [])
  })
}

function offboarding(claim: Claim): void {
  claim(
    'offboard notes the date, the digests, and the keys of that moment that could work',
    async (stores) => {
      const [active, spare, gone] = [
        sampleKey(),
        sampleKey({ state: 'pending', activatedAt: null }),
        sampleKey({ state: 'retired', wrapped: null }),
      ]
      await stores.keys.add(ISSUER, [active, spare, gone], [])
      const held = ['kek', 'kek-backup', 'client:app'].map((secret) =>
        sampleHolding({ holder: 'ada', secret: secret as Holding['secret'] }),
      )
      for (const holding of held) await stores.holders.add(ISSUER, holding, [])
      const other = sampleHolding({ holder: 'bob' })
      await stores.holders.add(ISSUER, other, [])
      const digests = { kek: 'a digest', 'client:app': 'another' }
      const departure = { holder: 'ada', at: T0 + 5, digests }
      equal(await stores.holders.offboard(ISSUER, departure, [ADDED]), 'offboarded')
      const copied = [active.kid, spare.kid].toSorted()
      const left = { offboardedAt: T0 + 5, settledAt: null }
      same(
        (await stores.holders.list(ISSUER)).map(({ secret, offboardedAt, leftWith, copied }) => ({
          secret,
          offboardedAt,
          leftWith,
          copied,
        })),
        [
          { secret: 'client:app', offboardedAt: left.offboardedAt, leftWith: 'another', copied: [] },
          { secret: 'kek', offboardedAt: left.offboardedAt, leftWith: 'a digest', copied },
          { secret: 'kek-backup', offboardedAt: left.offboardedAt, leftWith: null, copied },
          { secret: 'kek', offboardedAt: null, leftWith: null, copied: [] },
        ],
      )
      same(await events(stores), ['holder-added'])
    },
  )

  claim('offboard: of 10 concurrent calls one is offboarded, and its date stays', async (stores) => {
    equal(await stores.holders.offboard(ISSUER, leaving('ada'), [ADDED]), 'unknown')
    await stores.holders.add(ISSUER, sampleHolding({ holder: 'ada' }), [])
    const answers = await race(10, (caller) =>
      stores.holders.offboard(ISSUER, { ...leaving('ada'), at: T0 + caller }, [ADDED]),
    )
    same(tally(answers), { offboarded: 1, already: 9 })
    const [held] = await stores.holders.list(ISSUER)
    equal(held?.offboardedAt, T0 + answers.indexOf('offboarded'))
    same(await events(stores), ['holder-added'])
  })
}

function settling(claim: Claim): void {
  claim('settle: of 10 concurrent calls one is settled; who is here is left alone', async (stores) => {
    await stores.holders.add(ISSUER, sampleHolding({ holder: 'ada' }), [])
    equal(await stores.holders.settle(ISSUER, 'ada', T0 + 1, [ADDED]), 'already')
    await stores.holders.offboard(ISSUER, leaving('ada'), [])
    await stores.holders.add(ISSUER, sampleHolding({ holder: 'ada', secret: 'shared:a' }), [])
    const answers = await race(10, (caller) => stores.holders.settle(ISSUER, 'ada', T0 + caller, [ADDED]))
    same(tally(answers), { settled: 1, already: 9 })
    same(
      (await stores.holders.list(ISSUER)).map(({ settledAt }) => settledAt),
      [T0 + answers.indexOf('settled'), null],
    )
    same(await events(stores), ['holder-added'])
  })
}

function present(holding: ReturnType<typeof sampleHolding>): Holding {
  return { ...holding, offboardedAt: null, leftWith: null, copied: [], settledAt: null }
}

function leaving(holder: string) {
  return { holder, at: T0 + 5, digests: {} }
}

async function events(stores: Stores): Promise<readonly string[]> {
  return (await stores.events.list(ISSUER, { after: 0, limit: 100 })).map(({ type }) => type)
}

const ADDED = sampleEvent({ type: 'holder-added', holder: 'ada', cause: 'kek' })
