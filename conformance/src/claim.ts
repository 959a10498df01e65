import type { Stores } from '@jotwarden/authority'
import type { Driver, Runner } from './driver.ts'

/** One promise of a port and its proof, on a product of its own. */
export type Claim = (promise: string, prove: (stores: Stores) => Promise<void>) => void

/** Names each test `Port: promise`, opens a product for it and closes it whatever happens. */
export function claimsOf(port: string, driver: Driver, runner: Runner): Claim {
  return (promise, prove) => {
    runner.test(`${port}: ${promise}`, async () => {
      const stores = await driver.open()
      try {
        await prove(stores)
      } finally {
        await stores.close()
      }
    })
  }
}
