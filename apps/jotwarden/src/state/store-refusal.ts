import { StoreError, type StoreErrorCode } from '@jotwarden/store-sqlite'
import { Refusal } from '../refusal.ts'

/** The store's error with what to do about it; every other error as it is. */
export function storeRefusal(error: unknown): unknown {
  if (!(error instanceof StoreError)) return error
  const remedy = remedies[error.code]
  return new Refusal('refused', error.message, { cause: error, ...(remedy === undefined ? {} : { remedy }) })
}

const remedies: Readonly<Partial<Record<StoreErrorCode, string>>> = {
  'store/copy-place': 'Name a file in another folder that exists, best on another disk',
  'store/exists': 'Name another file, or replace it with --force',
  'store/in-use': 'Stop every server and command on it, then run this again',
  'store/damaged':
    'Use another copy; a present store that is damaged so far can be moved away by hand, with its -wal and -shm, once no server runs',
  'store/not-ours': 'Name a file that `jotwarden store backup` made',
  'store/failed': 'Look at the file and its folder: does it exist, and may this user read and write there?',
}
