import { NOTHING } from '@jotwarden/authority'
/** Another process on the file: does what the parent says and answers with the outcomes. */
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { ISSUER, sampleClient, sampleRotation, sampleSession, T0 } from './samples.ts'

/** What the parent asks for; each id names one race. */
export interface RaceOrder {
  readonly clients: readonly string[]
  readonly codes: readonly string[]
  readonly sessions: readonly string[]
}

/** Which races this process won. */
export interface RaceResult {
  readonly added: readonly string[]
  readonly redeemed: readonly string[]
  readonly rotated: readonly string[]
}

const stores = await openSqliteStores({ path: process.argv[2] ?? '' })
process.once('message', (order: RaceOrder) => {
  void run(order).then(async (result) => {
    await stores.close()
    process.send?.(result)
    process.disconnect?.()
  })
})
process.send?.('ready')

async function run(order: RaceOrder): Promise<RaceResult> {
  const [added, redeemed, rotated] = await Promise.all([
    won(order.clients, async (id) => {
      const client = { ...sampleClient(id), name: String(process.pid) }
      return (await stores.clients.add(ISSUER, client, [])) === 'added'
    }),
    won(order.codes, async (hash) => {
      const session = sampleSession(`${hash}-${process.pid}`)
      return (await stores.codes.redeem(ISSUER, hash, session, T0, () => NOTHING)).outcome === 'redeemed'
    }),
    won(order.sessions, async (id) => {
      const { outcome } = await stores.sessions.rotate(ISSUER, sampleRotation(id, 0), () => NOTHING)
      return outcome === 'rotated'
    }),
  ])
  return { added, redeemed, rotated }
}

/** Enters the races one after another, so that processes meet in many commits and not in one. */
async function won(
  races: readonly string[],
  enter: (race: string) => Promise<boolean>,
): Promise<readonly string[]> {
  const wins: string[] = []
  for (const race of races) if (await enter(race)) wins.push(race)
  return wins
}
