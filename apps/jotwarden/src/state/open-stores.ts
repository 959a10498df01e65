import { type CommitObserver, openSqliteStores, type SqliteStores, StoreError } from '@jotwarden/store-sqlite'
import { Refusal } from '../refusal.ts'

/** Opens the SQLite file, which is made with its folder when missing. Throws `Refusal` when it cannot be. */
export async function openStores(path: string, observer?: CommitObserver): Promise<SqliteStores> {
  try {
    return await openSqliteStores({ path, ...(observer === undefined ? {} : { observer }) })
  } catch (cause) {
    if (!(cause instanceof StoreError) && !isSystemError(cause)) throw cause
    throw new Refusal('refused', `Cannot open the store ${path}: ${cause.message}`, {
      cause,
      remedy: 'Look at store.path: this user must own the file, and be able to write to its folder',
    })
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
