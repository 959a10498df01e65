import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StoreError } from './errors.ts'
import { migrate, refuseForeign } from './migrate.ts'
import { isBusy, storeError } from './sqlite-error.ts'

/** The connections to one file. */
export interface DatabaseFile {
  readonly writer: DatabaseSync
  readonly reader: DatabaseSync
}

/** Opens the file at `path`, which is made if there is none, and takes its schema to the newest version. */
export function openDatabaseFile(path: string): DatabaseFile {
  try {
    makeFile(path)
    return connect(path)
  } catch (error) {
    const refusal = storeError(error, 'Cannot open the store')
    if (refusal instanceof StoreError) throw refusal
    throw new StoreError('store/failed', 'Cannot open the store: the file system refused', { cause: error })
  }
}

function connect(path: string): DatabaseFile {
  const writer = new DatabaseSync(path, { timeout: OPENING_TIMEOUT, enableForeignKeyConstraints: true })
  try {
    refuseForeign(writer)
    prepareWriter(writer)
    migrate(writer)
    writer.exec(`PRAGMA busy_timeout = ${WRITING_TIMEOUT}`)
    return { writer, reader: new DatabaseSync(path, { readOnly: true, timeout: OPENING_TIMEOUT }) }
  } catch (error) {
    writer.close()
    throw error
  }
}

/** SQLite gives its log and its index of the log the mode of the file. */
function makeFile(path: string): void {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  try {
    // Only a file that was not there is opened: to close one that is would drop this process's locks on it.
    closeSync(openSync(path, 'wx', 0o600))
    syncFolder(folder)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    refuseOpenMode(path)
  }
}

function refuseOpenMode(path: string): void {
  if (process.platform === 'win32' || (statSync(path).mode & 0o077) === 0) return
  throw new StoreError(
    'store/file-mode',
    'Cannot open the store: others than its owner may read or write the file; set its mode to 600',
  )
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

function prepareWriter(writer: DatabaseSync): void {
  if (logMode(writer) !== 'wal')
    throw new StoreError(
      'store/failed',
      'Cannot open the store: its file system does not allow a write-ahead log',
    )
  // A commit is on the disk before it is acknowledged; on macOS a plain fsync does not reach the disk.
  writer.exec('PRAGMA synchronous = FULL; PRAGMA fullfsync = ON')
  // Deleted content is overwritten with zeros on pages that stay in use. FAST leaves alone pages that become free as a
  // whole (long values have such pages), and the log keeps older copies of a page until it is written over: whoever
  // reads the raw file may for a while find what was deleted. Private keys lie in it wrapped only.
  writer.exec('PRAGMA secure_delete = FAST')
  writer.exec('PRAGMA trusted_schema = OFF')
  // New rows land all over their trees, so more of them are kept in memory.
  writer.exec(`PRAGMA cache_size = ${-CACHE_KIB}`)
}

/** Of two that turn a new file to a write-ahead log at once, SQLite sends one away without waiting: it asks again. */
function logMode(writer: DatabaseSync): unknown {
  for (let attempt = 1; ; attempt++) {
    try {
      return writer.prepare('PRAGMA journal_mode = WAL').get()?.journal_mode
    } catch (error) {
      if (!isBusy(error) || attempt === OPENING_ATTEMPTS) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPENING_PAUSE)
    }
  }
}

const OPENING_ATTEMPTS = 200
/** Milliseconds. */
const OPENING_PAUSE = 25
/** Milliseconds for which opening waits for another process; nothing else runs then. */
const OPENING_TIMEOUT = 5000
/** Milliseconds for which a group's begin may hold up the event loop; longer waits are left to a timer. */
const WRITING_TIMEOUT = 3
const CACHE_KIB = 16_384
