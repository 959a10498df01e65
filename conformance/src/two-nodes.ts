import { equal } from 'node:assert/strict'
import { NOTHING, type Stores } from '@jotwarden/authority'
import type { Claim } from './claim.ts'
import type { Driver } from './driver.ts'
import { moveIn } from './household.ts'
import { race, tally } from './race.ts'
import { same } from './same.ts'
import {
  ISSUER,
  sampleClient,
  sampleHolding,
  sampleKey,
  sampleMark,
  sampleRotation,
  sampleSecret,
  sampleSecretRotation,
  sampleSession,
  T0,
} from './samples.ts'

/** The same promises with two nodes on one product; nothing where a driver cannot open it twice. */
export function twoNodes(claim: Claim, driver: Driver): void {
  if (driver.openAgain === undefined) return

  const claimOfTwo = (promise: string, prove: (one: Stores, two: Stores) => Promise<void>): void =>
    claim(`two nodes: ${promise}`, async (one) => {
      const two = await driver.openAgain?.()
      if (two === undefined) return
      try {
        await prove(one, two)
      } finally {
        await two.close()
      }
    })

  claimOfTwo(
    'of 100 concurrent rotations of one generation exactly one moves the counter',
    async (one, two) => {
      const { session } = await moveIn(one, ISSUER)
      for (let generation = 0; generation < 5; generation += 1) {
        const rotation = sampleRotation({ session, generation, now: T0 + 100 * (generation + 1) })
        const outcomes = await race(100, (caller) =>
          (caller % 2 === 0 ? one : two).sessions.rotate(ISSUER, rotation, () => NOTHING),
        )
        same(tally(outcomes), { rotated: 1, repeated: 99 })
      }
    },
  )

  claimOfTwo('of 100 concurrent redemptions of one code exactly one is redeemed', async (one, two) => {
    const { code, login } = await moveIn(one, ISSUER)
    const outcomes = await race(100, (caller) =>
      (caller % 2 === 0 ? one : two).codes.redeem(
        ISSUER,
        code,
        sampleSession({ login }),
        T0 + 1,
        () => NOTHING,
      ),
    )
    same(tally(outcomes), { redeemed: 1, replayed: 99 })
  })

  claimOfTwo('of two first starts exactly one set of keys is added', async (one, two) => {
    const answers = await race(20, (caller) =>
      (caller % 2 === 0 ? one : two).keys.add(ISSUER, [sampleKey()], []),
    )
    same(tally(answers), { added: 1, conflict: 19 })
  })

  claimOfTwo('of many who are to be the last holder of a secret exactly one is added', async (one, two) => {
    await one.holders.add(ISSUER, sampleHolding(), [])
    const answers = await race(20, (caller) =>
      (caller % 2 === 0 ? one : two).holders.add(ISSUER, sampleHolding(), []),
    )
    same(tally(answers), { added: 1, full: 19 })
    same(await one.holders.list(ISSUER), await two.holders.list(ISSUER))
  })

  claimOfTwo('uses of one key that both take are never given twice', async (one, two) => {
    const key = sampleKey()
    await one.keys.add(ISSUER, [key], [])
    const answers = await race(20, (caller) =>
      (caller % 2 === 0 ? one : two).keys.reserve(ISSUER, key.kid, 64, 1000),
    )
    equal(
      answers.reduce((sum, taken) => sum + taken, 0),
      1000,
    )
    equal((await two.keys.list(ISSUER))[0]?.uses, 1000)
  })

  claimOfTwo('a client that one adds or removes is seen or gone at once on both', async (one, two) => {
    for (const [writer, reader] of [
      [one, two],
      [two, one],
    ] as const) {
      const client = sampleClient()
      const seen = () => Promise.all([writer, reader].map(({ clients }) => clients.find(ISSUER, client.id)))
      same(await seen(), [undefined, undefined])
      await writer.clients.add(ISSUER, client, [])
      same(await seen(), [client, client])
      await writer.clients.remove(ISSUER, client.id, T0, () => NOTHING)
      same(await seen(), [undefined, undefined])
      await reader.clients.add(ISSUER, { ...client, name: 'Another' }, [])
      same(await seen(), [
        { ...client, name: 'Another' },
        { ...client, name: 'Another' },
      ])
    }
  })

  claimOfTwo(
    'of 40 concurrent rotations of one secret exactly one is rotated, and both nodes see it at once',
    async (one, two) => {
      const { client, secret } = await moveIn(one, ISSUER)
      await two.clients.find(ISSUER, client)
      const fresh = Array.from({ length: 40 }, () => sampleSecret())
      const answers = await race(40, (caller) =>
        (caller % 2 === 0 ? one : two).clients.rotateSecret(
          ISSUER,
          sampleSecretRotation({
            client,
            replaces: secret,
            endsAt: T0,
            fresh: fresh[caller] ?? sampleSecret(),
          }),
          () => NOTHING,
        ),
      )
      same(tally(answers), { rotated: 1, changed: 39 })
      const winner = fresh[answers.indexOf('rotated')]
      for (const node of [one, two]) {
        const secrets = (await node.clients.find(ISSUER, client))?.secrets ?? []
        same([secrets[0], secrets[1]?.id, secrets[1]?.endsAt, secrets.length], [winner, secret, T0, 2])
      }
    },
  )

  claimOfTwo(
    'marks of both stand in one log without gaps, and each reads what either wrote',
    async (one, two) => {
      await race(60, (caller) =>
        (caller % 2 === 0 ? one : two).revocation.append(ISSUER, { events: [], marks: [sampleMark()] }),
      )
      const [left, right] = await Promise.all(
        [one, two].map(({ revocation }) => revocation.read(ISSUER, { after: 0, limit: 100 })),
      )
      same(left, right)
      same(
        left?.marks.map(({ number }) => number),
        Array.from({ length: 60 }, (_, index) => index + 1),
      )
    },
  )

  claimOfTwo('dataVersion of each differs after the other wrote', async (one, two) => {
    for (const [writer, reader] of [
      [one, two],
      [two, one],
    ] as const) {
      const before = reader.dataVersion()
      await writer.revocation.append(ISSUER, { events: [], marks: [sampleMark()] })
      equal(reader.dataVersion() === before, false)
    }
  })

  claimOfTwo('what one acknowledged, the other reads', async (one, two) => {
    const { session } = await moveIn(one, ISSUER)
    for (let generation = 0; generation < 20; generation += 1) {
      const [writer, reader] = generation % 2 === 0 ? [one, two] : [two, one]
      const rotation = sampleRotation({ session, generation, now: T0 + 20 * (generation + 1) })
      equal((await writer.sessions.rotate(ISSUER, rotation, () => NOTHING)).outcome, 'rotated')
      equal((await reader.sessions.find(ISSUER, session))?.generation, generation + 1)
    }
    await two.sessions.end(ISSUER, { session }, 'logout', T0 + 401, () => NOTHING)
    const late = sampleRotation({ session, generation: 20, now: T0 + 500 })
    equal((await one.sessions.rotate(ISSUER, late, () => NOTHING)).outcome, 'ended')
  })
}
