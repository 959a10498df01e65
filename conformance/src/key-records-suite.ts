import { equal, rejects } from 'node:assert/strict'
import type { KeyRecord } from '@jotwarden/keyring'
import { type Claim, claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import { ISSUER, OTHER_ISSUER, sampleKey, T0 } from './samples.ts'

/** What `KeyRecords` promises. */
export function keyRecordsSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('KeyRecords', driver, runner)
  adding(claim)
  addingToWhatWasSeen(claim)
  stepping(claim)
  reserving(claim)
}

function adding(claim: Claim): void {
  claim('list gives the records as they were added, in the act that recorded them', async (stores) => {
    const set = firstSet()
    const [key] = set
    const event = { type: 'key-created', kid: key.kid, purpose: key.purpose, at: T0 } as const
    equal(await stores.keys.add(ISSUER, set, [event]), 'added')
    same(byKid(await stores.keys.list(ISSUER)), byKid(set))
    const [listed] = await stores.events.list(ISSUER, { after: 0, limit: 9 })
    same([listed?.type, listed?.kid, listed?.at], ['key-created', key.kid, T0])
  })

  claim('add: of 20 concurrent first starts exactly one set is added, whole and alone', async (stores) => {
    const sets = Array.from({ length: 20 }, firstSet)
    const answers = await Promise.all(
      sets.map((set) =>
        stores.keys.add(
          ISSUER,
          set,
          set.map(({ kid, purpose }) => ({ type: 'key-created', kid, purpose, at: T0 }) as const),
        ),
      ),
    )
    same(tally(answers), { added: 1, conflict: 19 })
    const winner = sets[answers.indexOf('added')] ?? []
    same(byKid(await stores.keys.list(ISSUER)), byKid(winner))
    const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
    same(events.map((event) => event.kid).toSorted(), winner.map((key) => key.kid).toSorted())
  })

  claim(
    'add: a kid that is there, or twice in the batch, is a conflict and nothing is written',
    async (stores) => {
      const spare = sampleKey({ state: 'pending' })
      await stores.keys.add(ISSUER, [spare], [])
      const other = sampleKey({ state: 'pending' })
      equal(await stores.keys.add(ISSUER, [other, { ...spare, version: 7 }], []), 'conflict')
      equal(await stores.keys.add(ISSUER, [other, other], []), 'conflict')
      same(await stores.keys.list(ISSUER), [spare])
    },
  )

  claim('add: a purpose has one active key at most, and each purpose its own', async (stores) => {
    equal(await stores.keys.add(ISSUER, [sampleKey(), sampleKey()], []), 'conflict')
    const [signing, mac] = [sampleKey(), sampleKey({ purpose: 'refresh-mac', alg: 'HS256', publicJwk: null })]
    equal(await stores.keys.add(ISSUER, [signing, mac], []), 'added')
    equal(await stores.keys.add(ISSUER, [sampleKey({ state: 'pending' }), sampleKey()], []), 'conflict')
    same(byKid(await stores.keys.list(ISSUER)), byKid([signing, mac]))
    equal(await stores.keys.add(OTHER_ISSUER, [sampleKey({ issuer: OTHER_ISSUER })], []), 'added')
  })
}

function addingToWhatWasSeen(claim: Claim): void {
  claim('add: with what was seen, any change since is a conflict and nothing is written', async (stores) => {
    const { active, spare } = await pair(stores)
    const seen = await stores.keys.list(ISSUER)
    const other = sampleKey({ state: 'pending' })
    const rewrap = { kid: active.kid, version: 1, to: 'active', at: T0, wrapped: 'jwk1.YW5ldw' } as const
    equal(await stores.keys.transition(ISSUER, [rewrap], []), 'done')
    const event = { type: 'key-created', kid: other.kid, purpose: other.purpose, at: T0 } as const
    equal(await stores.keys.add(ISSUER, [other], [event], seen), 'conflict')
    equal(await stores.keys.add(ISSUER, [other], [event], []), 'conflict')
    same(
      byKid(await stores.keys.list(ISSUER)),
      byKid([{ ...active, wrapped: rewrap.wrapped, version: 2 }, spare]),
    )
    same(await stores.events.list(ISSUER, { after: 0, limit: 9 }), [])
    equal(
      await stores.keys.add(ISSUER, [other], [event], (await stores.keys.list(ISSUER)).toReversed()),
      'added',
    )
    equal(await stores.keys.add(OTHER_ISSUER, [], [], []), 'added')
  })

  claim('add: of 20 concurrent calls that saw the same records exactly one is added', async (stores) => {
    await pair(stores)
    const seen = await stores.keys.list(ISSUER)
    const answers = await race(20, () => stores.keys.add(ISSUER, [sampleKey({ state: 'pending' })], [], seen))
    same(tally(answers), { added: 1, conflict: 19 })
    equal((await stores.keys.list(ISSUER)).length, 3)
  })

  claim('add: of a call and a change of what it saw, whichever is second sees the first', async (stores) => {
    const { active } = await pair(stores)
    const seen = await stores.keys.list(ISSUER)
    const rewrap = { kid: active.kid, version: 1, to: 'active', at: T0, wrapped: 'jwk1.YW5ldw' } as const
    const spare = sampleKey({ state: 'pending' })
    const [changed, added] = await Promise.all([
      stores.keys.transition(ISSUER, [rewrap], []),
      stores.keys.add(ISSUER, [spare], [], seen),
    ])
    equal(changed, 'done')
    equal(
      (await stores.keys.list(ISSUER)).some(({ kid }) => kid === spare.kid),
      added === 'added',
    )
  })
}

function stepping(claim: Claim): void {
  for (const order of ['activate first', 'retire first'] as const) {
    claim(`transition: one batch replaces the active key (${order})`, async (stores) => {
      const { active, spare, replace } = await pair(stores, order)
      const event = { type: 'key-activated', kid: spare.kid, purpose: spare.purpose, at: T0 + 9 } as const
      equal(await stores.keys.transition(ISSUER, replace, [event]), 'done')
      const retiring = { ...active, state: 'retiring', retiringAt: T0 + 9, removableAt: T0 + 99, version: 2 }
      const activated = { ...spare, state: 'active', activatedAt: T0 + 9, version: 2 }
      same(byKid(await stores.keys.list(ISSUER)), byKid([retiring, activated]))
      equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.kid, spare.kid)
    })
  }

  claim('transition: of 20 concurrent batches over the same versions exactly one is done', async (stores) => {
    const { replace, spare } = await pair(stores)
    const event = { type: 'key-activated', kid: spare.kid, purpose: spare.purpose, at: T0 + 9 } as const
    const answers = await race(20, () => stores.keys.transition(ISSUER, replace, [event]))
    same(tally(answers), { done: 1, conflict: 19 })
    equal((await stores.events.list(ISSUER, { after: 0, limit: 100 })).length, 1)
    same(
      (await stores.keys.list(ISSUER)).map((key) => key.version),
      [2, 2],
    )
  })

  claim(
    'transition: a missing record, a stale version or a second active key changes nothing',
    async (stores) => {
      const { active, spare } = await pair(stores)
      const event = { type: 'key-activated', kid: spare.kid, purpose: spare.purpose, at: T0 } as const
      const retire = { kid: active.kid, version: 1, to: 'retiring', at: T0 + 9 } as const
      const activate = { kid: spare.kid, version: 1, to: 'active', at: T0 + 9 } as const
      const batches = [
        [retire, { ...activate, version: 2 }],
        [retire, { ...activate, kid: 'nobody' }],
        [activate],
      ]
      for (const batch of batches) equal(await stores.keys.transition(ISSUER, batch, [event]), 'conflict')
      same(byKid(await stores.keys.list(ISSUER)), byKid([active, spare]))
      same(await stores.events.list(ISSUER, { after: 0, limit: 9 }), [])
    },
  )

  claim('transition: a step that its state does not allow rejects and changes nothing', async (stores) => {
    const { active, spare } = await pair(stores)
    const steps = [
      { kid: spare.kid, version: 1, to: 'compromised', at: T0 },
      { kid: active.kid, version: 1, to: 'retired', at: T0 },
    ] as const
    await rejects(stores.keys.transition(ISSUER, steps, []), { code: 'keyring/transition' })
    same(byKid(await stores.keys.list(ISSUER)), byKid([active, spare]))
  })

  claim(
    'transition: several steps of one key go in order; a destroyed private part is gone',
    async (stores) => {
      const { active, spare } = await pair(stores)
      const rewrap = { kid: spare.kid, version: 1, to: 'pending', at: T0, wrapped: 'jwk1.YW5ldw' } as const
      equal(await stores.keys.transition(ISSUER, [rewrap], []), 'done')
      same(
        byKid(await stores.keys.list(ISSUER)),
        byKid([active, { ...spare, wrapped: 'jwk1.YW5ldw', version: 2 }]),
      )
      const steps = [
        { kid: active.kid, version: 1, to: 'suspended', at: T0 + 8 },
        { kid: active.kid, version: 2, to: 'compromised', at: T0 + 9 },
        { kid: spare.kid, version: 2, to: 'active', at: T0 + 9 },
      ] as const
      equal(await stores.keys.transition(ISSUER, steps, []), 'done')
      const compromised = {
        ...active,
        state: 'compromised',
        wrapped: null,
        compromisedAt: T0 + 9,
        version: 3,
      }
      const activated = {
        ...spare,
        state: 'active',
        wrapped: 'jwk1.YW5ldw',
        activatedAt: T0 + 9,
        version: 3,
      }
      same(byKid(await stores.keys.list(ISSUER)), byKid([compromised, activated]))
    },
  )
}

function reserving(claim: Claim): void {
  claim('reserve: concurrent calls share what there is, to the last use and no further', async (stores) => {
    const key = sampleKey()
    await stores.keys.add(ISSUER, [key], [])
    const answers = await race(20, () => stores.keys.reserve(ISSUER, key.kid, 64, 1000))
    equal(
      answers.reduce((sum, taken) => sum + taken, 0),
      1000,
    )
    same(tally(answers.map((taken) => (taken === 64 ? 'whole' : String(taken)))), { whole: 15, 40: 1, 0: 4 })
    same(await stores.keys.list(ISSUER), [{ ...key, uses: 1000 }])
  })

  claim('reserve: the version stays, and a change of state keeps what was taken', async (stores) => {
    const { active, replace } = await pair(stores)
    equal(await stores.keys.reserve(ISSUER, active.kid, 64, 2 ** 32), 64)
    equal(await stores.keys.transition(ISSUER, replace, []), 'done')
    const retiring = (await stores.keys.list(ISSUER)).find(({ kid }) => kid === active.kid)
    same([retiring?.state, retiring?.uses, retiring?.version], ['retiring', 64, 2])
    equal(await stores.keys.reserve(ISSUER, 'nobody', 64, 1000), 0)
    equal(await stores.keys.reserve(OTHER_ISSUER, active.kid, 64, 1000), 0)
  })
}

/** What a first start makes: an active key of each purpose and a spare. */
function firstSet(): readonly [KeyRecord, ...KeyRecord[]] {
  const symmetric = { publicJwk: null, announcedAt: null } as const
  return [
    sampleKey(),
    sampleKey({ state: 'pending', activatedAt: null }),
    sampleKey({ purpose: 'refresh-mac', alg: 'HS256', ...symmetric }),
    sampleKey({ purpose: 'sealing', alg: 'A256GCM', ...symmetric }),
  ]
}

async function pair(
  { keys }: { readonly keys: Parameters<Parameters<Claim>[1]>[0]['keys'] },
  order: 'activate first' | 'retire first' = 'retire first',
) {
  const active = sampleKey()
  const spare = sampleKey({ state: 'pending', activatedAt: null })
  equal(await keys.add(ISSUER, [active, spare], []), 'added')
  const retire = { kid: active.kid, version: 1, to: 'retiring', at: T0 + 9, removableAt: T0 + 99 } as const
  const activate = { kid: spare.kid, version: 1, to: 'active', at: T0 + 9 } as const
  const replace = order === 'retire first' ? [retire, activate] : [activate, retire]
  return { active, spare, replace }
}

function byKid(records: readonly { readonly kid: string }[]): readonly { readonly kid: string }[] {
  return records.toSorted((a, b) => (a.kid < b.kid ? -1 : 1))
}
