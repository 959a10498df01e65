import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, linkSync, openSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { StoreError } from './errors.ts'
import { findDamage, syncPath } from './look-at-file.ts'
import { refuseForeign } from './migrate.ts'
import { storeError } from './sqlite-error.ts'

export interface BackUpOptions {
  /** The store, which other processes may go on using. */
  readonly from: string
  /** The copy, in a folder that exists and is not the store's. */
  readonly to: string
  /** Whether a file that is there gives way. */
  readonly replace: boolean
  readonly onProgress?: (pages: { readonly done: number; readonly all: number }) => void
}

/**
 * Copies the store as it is at one moment into a file of its own, readable by its owner alone: checked, on the disk, and
 * there as a whole or not at all. Throws `store/copy-place`, `store/exists`, `store/damaged`, or what opening throws.
 */
export async function backUpFile({ from, to, replace, onProgress }: BackUpOptions): Promise<void> {
  refusePlace(from, to)
  if (!replace && existsSync(to)) throw taken()
  const draft = join(dirname(to), `.${basename(to)}.${randomUUID()}.draft`)
  try {
    await copyPages(from, draft, onProgress)
    makePlain(draft)
    refuseDamaged(draft, 'Cannot back up the store')
    syncPath(draft)
    publish(draft, to, replace)
  } catch (error) {
    throw fileError(error, 'Cannot back up the store')
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
  }
}

/**
 * Copies a store with its log into a new file, readable by its owner alone.
 *
 * An open read keeps the moment: without it every commit of another process would send the copy back to its beginning.
 * Writers are not held up; their log is only not written over until the copy is done.
 */
export async function copyPages(
  from: string,
  draft: string,
  onProgress?: BackUpOptions['onProgress'],
): Promise<void> {
  closeSync(openSync(draft, 'wx', 0o600))
  const source = new DatabaseSync(from, { readOnly: true, timeout: TIMEOUT })
  try {
    refuseForeign(source)
    source.exec('BEGIN')
    source.prepare('SELECT count(*) FROM sqlite_schema').get()
    await backup(source, draft, {
      rate: PAGES_A_STEP,
      progress: ({ totalPages: all, remainingPages }) => onProgress?.({ done: all - remainingPages, all }),
    })
    source.exec('ROLLBACK')
  } finally {
    source.close()
  }
}

/** Throws `store/damaged` with what is wrong. */
export function refuseDamaged(path: string, act: string): void {
  const [first] = findDamage(path, { thorough: true })
  if (first === undefined) return
  throw new StoreError('store/damaged', `${act}: it is damaged (${first.split('\n')[0]})`)
}

/** SQLite's and the file system's errors as this package's. */
export function fileError(error: unknown, act: string): unknown {
  const known = storeError(error, act)
  if (known instanceof StoreError || !(error instanceof Error && 'syscall' in error && 'code' in error))
    return known
  return new StoreError('store/failed', `${act}: the file system says ${error.code}`, { cause: error })
}

/** A copy that lies with the store is lost with it, and could take the place of one of its files. */
function refusePlace(from: string, to: string): void {
  const folder = dirname(to)
  if (!existsSync(folder))
    throw new StoreError('store/copy-place', `Cannot back up the store: the folder ${folder} does not exist`)
  // Behind a link lies the store itself, in a folder of its own
  const folders = [dirname(from), ...(existsSync(from) ? [dirname(realpathSync(from))] : [])]
  if (!folders.some((one) => isWithin(realpathSync(folder), realpathSync(one)))) return
  throw new StoreError(
    'store/copy-place',
    'Cannot back up the store: the copy would lie in the folder of the store, and be lost with it',
  )
}

function isWithin(folder: string, parent: string): boolean {
  const way = relative(parent, folder)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** The copy needs no log beside it. */
function makePlain(draft: string): void {
  const copy = new DatabaseSync(draft)
  try {
    copy.exec('PRAGMA journal_mode = DELETE')
  } finally {
    copy.close()
  }
}

/** A link never takes the place of a file, so that of two at once one is refused. */
function publish(draft: string, to: string, replace: boolean): void {
  try {
    if (replace) renameSync(draft, to)
    else linkSync(draft, to)
  } catch (error) {
    throw error instanceof Error && 'code' in error && error.code === 'EEXIST' ? taken() : error
  }
  syncPath(dirname(to))
}

function taken(): StoreError {
  return new StoreError('store/exists', 'Cannot back up the store: the file exists')
}

/** Milliseconds. */
const TIMEOUT = 5000
const PAGES_A_STEP = 500
