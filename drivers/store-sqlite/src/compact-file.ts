import { DatabaseSync } from 'node:sqlite'
import { fileError } from './back-up-file.ts'
import { StoreError } from './errors.ts'
import { isBusy } from './sqlite-error.ts'

/**
 * Writes the file anew from what is in it and empties its log, so that nothing that was deleted is left in either. Others
 * may have it open; their writes wait meanwhile. Throws `store/busy` when they hold it for longer than `patience`
 * milliseconds; run it again then.
 */
export function compactFile(path: string, patience: number = PATIENCE): void {
  const database = new DatabaseSync(path, { timeout: patience })
  try {
    database.exec('PRAGMA secure_delete = ON')
    database.exec('VACUUM')
    if (database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.busy !== 0) throw held()
  } catch (error) {
    throw isBusy(error) ? held(error) : fileError(error, 'Cannot compact the store')
  } finally {
    database.close()
  }
}

function held(cause?: unknown): StoreError {
  return new StoreError(
    'store/busy',
    'Cannot compact the store: another process holds it, and what was deleted may still lie in the file or its log',
    { cause },
  )
}

/** Milliseconds. */
const PATIENCE = 10_000
