import { chownSync, closeSync, constants, openSync, type Stats } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { KeyStoreError, type KeyStoreErrorCode } from './errors.ts'
import { type KekLines, type Keks, readKekLines } from './kek-file.ts'
import { newKekLine, removeDrafts, replaceKekFile } from './write-kek-file.ts'

/** The file in the hands of the one who may change it. Each change is whole or not at all, and durable when it returns. */
export interface ChangingKekFile {
  /** As the file has them now. Throws like `openKekFile`. */
  keks(): Keks
  /** Makes a new key and puts it first: it wraps from now on, and those that were there still open. */
  addFirst(): Keks
  /**
   * Leaves the first key alone. With `keep` each other one is put into a file of its own before, beside this one; gives
   * the names of those.
   */
  dropOthers(keep: boolean): readonly string[]
}

/**
 * Lets one caller at a time change the file, over all processes; its readers need not wait. Throws `keystore/kek-busy` when
 * somebody else changes it, and like `openKekFile`.
 */
export async function changeKekFile<Result>(
  path: string,
  act: (file: ChangingKekFile) => Promise<Result>,
): Promise<Result> {
  const { stats } = present(path)
  const lock = lockBeside(path, stats)
  try {
    if (lock !== undefined) removeDrafts(path)
    return await act(changing(path))
  } finally {
    lock?.close()
  }
}

function changing(path: string): ChangingKekFile {
  return {
    keks: () => present(path).keks,
    addFirst() {
      const { lines, stats } = present(path)
      replaceKekFile(path, [newKekLine(), ...lines], stats)
      return present(path).keks
    },
    dropOthers(keep) {
      const { lines, stats, keks } = present(path)
      const others = lines.slice(1).map((line, index) => ({ line, kek: keks[index + 1] }))
      const kept = keep ? others.map(({ line, kek }) => setAside(path, line, kek?.id ?? '', stats)) : []
      if (others.length > 0) replaceKekFile(path, lines.slice(0, 1), stats)
      return kept
    },
  }
}

function setAside(path: string, line: string, id: string, stats: Stats): string {
  const aside = `${path}.old-${id}`
  replaceKekFile(aside, [line], stats)
  return aside
}

function present(path: string): KekLines {
  const read = readKekLines(path)
  if (read !== undefined) return read
  throw refused('keystore/kek-missing', `${path} is missing`)
}

/**
 * A lock that ends with its process, however that ends, which a file that merely exists would not. SQLite has one that
 * works everywhere; the file stays empty, and stays: removing it would let two hold it. Where nothing can be written (a
 * mounted secret) there is nothing to lock: `undefined`.
 */
function lockBeside(path: string, stats: Stats): DatabaseSync | undefined {
  const name = `${path}.lock`
  if (!makeLockFile(name, stats)) return undefined
  let lock: DatabaseSync | undefined
  try {
    lock = new DatabaseSync(name, { timeout: 0 })
    lock.exec('BEGIN EXCLUSIVE')
    return lock
  } catch (cause) {
    lock?.close()
    if (isBusy(cause)) throw refused('keystore/kek-busy', `another process changes it now (${name})`)
    throw refused('keystore/kek-file', `${name} cannot be locked`)
  }
}

/** Whether it is there now. */
function makeLockFile(name: string, { uid, gid }: Stats): boolean {
  try {
    closeSync(openSync(name, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600))
    if (process.geteuid?.() !== uid) chownSync(name, uid, gid)
    return true
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'EEXIST') return true
    if (code === 'EROFS' || code === 'EACCES') return false
    throw refused('keystore/kek-file', `${name} cannot be made`)
  }
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY
}

function refused(code: KeyStoreErrorCode, state: string): KeyStoreError {
  return new KeyStoreError(code, `Cannot change the key-encryption key: ${state}`)
}

const SQLITE_BUSY = 5
