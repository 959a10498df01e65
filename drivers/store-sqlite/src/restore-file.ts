import { randomUUID } from 'node:crypto'
import {
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { copyPages, fileError, refuseDamaged } from './back-up-file.ts'
import { StoreError } from './errors.ts'
import { type FileContents, lookAtFile, syncPath } from './look-at-file.ts'
import { isBusy, isNoDatabase } from './sqlite-error.ts'

export interface RestoreOptions {
  /** A copy that `backUpFile` made; it is only read. */
  readonly from: string
  /** Where the store is, or is to be: the file itself, not a link to it. No process may use it. */
  readonly to: string
  /** The name that the present store gets, beside it. */
  readonly keepAs: string
  /** What is done to the draft before it becomes the store; when it throws, nothing has changed. */
  readonly prepare: (draft: string) => Promise<void>
}

/**
 * Puts a copy in the place of the store, which keeps all it holds under another name. Throws `store/in-use`,
 * `store/copy-place`, `store/damaged` for either, `store/not-ours`, `store/newer-schema`, `store/exists` or `store/failed`; nothing has changed then.
 */
export async function restoreFile({
  from,
  to,
  keepAs,
  prepare,
}: RestoreOptions): Promise<'kept' | 'none-before'> {
  const draft = join(dirname(to), `.${basename(to)}.${randomUUID()}.draft`)
  try {
    if (lstatSync(to, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw link(to)
    if (existsSync(to) && realpathSync(from) === realpathSync(to)) throw itself()
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    const hold = holdFile(to)
    try {
      await copyPages(from, draft)
      checkCopy(draft, 0)
      await prepare(draft)
      keepOwner(draft, to)
      syncPath(draft)
      takePlace(draft, to, hold === undefined ? undefined : keepAs)
      return hold === undefined ? 'none-before' : 'kept'
    } finally {
      hold?.close()
    }
  } catch (error) {
    throw fileError(error, 'Cannot restore the store')
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
  }
}

/** At no moment is there nothing under the name of the store. */
function takePlace(draft: string, to: string, keepAs: string | undefined): void {
  if (keepAs !== undefined) linkSync(to, keepAs)
  try {
    renameSync(draft, to)
  } catch (error) {
    if (keepAs !== undefined) rmSync(keepAs)
    throw error
  }
  syncPath(dirname(to))
}

/** An administrator's command must not take the store away from the server's user. */
function keepOwner(draft: string, to: string): void {
  const before = statSync(to, { throwIfNoEntry: false }) ?? statSync(dirname(to))
  const { uid, gid } = statSync(draft)
  if (before.uid !== uid || before.gid !== gid) chownSync(draft, before.uid, before.gid)
}

/** What a copy holds. Throws when it is not a whole store of ours. `now` is in seconds. */
export function checkCopy(path: string, now: number): FileContents {
  try {
    const contents = lookAtFile(path, now)
    refuseDamaged(path, 'Cannot use the copy')
    return contents
  } catch (error) {
    throw fileError(error, 'Cannot use the copy')
  }
}

/**
 * Makes the store one file without a log, and holds it so that nobody else can read it. Who has opened it and waits cannot
 * begin a log once it is let go under another name: SQLite looks whether the file was moved (SQLITE_READONLY_DBMOVED).
 */
function holdFile(path: string): DatabaseSync | undefined {
  if (!existsSync(path)) return refuseLeftovers(path)
  let hold: DatabaseSync | undefined
  try {
    settle(path)
    hold = new DatabaseSync(path, { timeout: 0 })
    hold.exec('BEGIN EXCLUSIVE')
    // Another process may have come in between, and have begun a log
    if (hold.prepare('PRAGMA journal_mode').get()?.journal_mode !== 'delete') throw inUse()
    return hold
  } catch (error) {
    hold?.close()
    if (isBusy(error)) throw inUse(error)
    if (isNoDatabase(error)) throw untellable(error)
    throw error
  }
}

/** Leaving the log needs the file for itself: every open connection of another process stands in the way. */
function settle(path: string): void {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = DELETE')
  } finally {
    database.close()
  }
}

/** SQLite would play a log that was left behind into whatever file comes to lie beside it. */
function refuseLeftovers(path: string): undefined {
  const left = ['-wal', '-journal'].find((suffix) => existsSync(path + suffix))
  if (left === undefined) return
  throw new StoreError(
    'store/damaged',
    `Cannot restore the store: ${path}${left} lies there without its store; move it away`,
  )
}

function link(path: string): StoreError {
  return new StoreError('store/failed', `Cannot restore the store: ${path} is a link, not the store itself`)
}

function itself(): StoreError {
  return new StoreError('store/copy-place', 'Cannot restore the store: the copy is the store itself')
}

function inUse(cause?: unknown): StoreError {
  return new StoreError('store/in-use', 'Cannot restore the store: a server or a command uses it', { cause })
}

function untellable(cause: unknown): StoreError {
  return new StoreError(
    'store/damaged',
    'Cannot restore the store: the present one is damaged so far that nobody can tell whether a server uses it',
    { cause },
  )
}
