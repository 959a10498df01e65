import type { Stores } from '@jotwarden/authority'
import type { Runner } from './driver.ts'

/** One promise of a port and its proof, on a product of its own. */
export type Claim<Product = Stores> = (promise: string, prove: (product: Product) => Promise<void>) => void

/** Names each test `Port: promise`, opens a product for it and closes it whatever happens. */
export function claimsOf<Product extends { close(): Promise<void> } = Stores>(
  port: string,
  driver: { open(): Promise<Product> },
  runner: Runner,
): Claim<Product> {
  return (promise, prove) => {
    runner.test(`${port}: ${promise}`, async () => {
      const product = await driver.open()
      try {
        await prove(product)
      } finally {
        await product.close()
      }
    })
  }
}
