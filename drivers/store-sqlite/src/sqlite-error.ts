import { StoreError } from './errors.ts'

/** Whether another connection holds the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  return primaryCode(error) === SQLITE_BUSY
}

/** Whether the file is no database at all. */
export function isNoDatabase(error: unknown): boolean {
  return primaryCode(error) === SQLITE_NOTADB
}

/** SQLite's errors as this package's; every other error is its thrower's own. */
export function storeError(error: unknown, act: string): unknown {
  if (errorCode(error) === undefined) return error
  if (isBusy(error))
    return new StoreError('store/busy', `${act}: another process holds the file`, { cause: error })
  if (duplicates.has(errorCode(error)))
    return new StoreError('store/exists', `${act}: an identifier is taken`, { cause: error })
  if (primaryCode(error) === SQLITE_CORRUPT)
    return new StoreError('store/damaged', `${act}: the file is damaged`, { cause: error })
  return new StoreError('store/failed', `${act}: the database refused`, { cause: error })
}

/** SQLite's extended result code. */
function errorCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode : undefined
}

function primaryCode(error: unknown): number | undefined {
  const code = errorCode(error)
  return code === undefined ? undefined : code & 0xff
}

const SQLITE_BUSY = 5
const SQLITE_CORRUPT = 11
const SQLITE_NOTADB = 26
/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE. */
const duplicates: ReadonlySet<number | undefined> = new Set([1555, 2067])
