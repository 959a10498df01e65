import { compactFile } from '@jotwarden/store-sqlite'
import { Refusal } from '../refusal.ts'
import { storeRefusal } from './store-refusal.ts'

/** Clears the file of what was deleted. Throws `Refusal`. */
export function compactStore(path: string): void {
  try {
    compactFile(path)
  } catch (error) {
    const refusal = storeRefusal(error)
    if (!(refusal instanceof Refusal)) throw refusal
    throw new Refusal('refused', refusal.message, { cause: error, remedy: 'Run `jotwarden store compact`' })
  }
}
