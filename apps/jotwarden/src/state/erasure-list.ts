import { hash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Refusal } from '../refusal.ts'

/**
 * Remembers, apart from the store, who was erased, so that a copy that is put back does not bring anybody back. It holds
 * a hash of the subject and the time, and lies beside the epoch file. Lines are only added, each in one write.
 */
export interface ErasureList {
  /** Throws `Refusal` when the file cannot be written. */
  add(issuer: string, subject: string, at: number): void
  /** Whether the account is one that was erased, and not one that was given the subject later. Throws `Refusal`. */
  reader(issuer: string): (account: { readonly subject: string; readonly createdAt: number }) => boolean
}

export function openErasureList(epochFile: string): ErasureList {
  const path = `${epochFile}.erased`
  return {
    add(issuer, subject, at) {
      try {
        append(path, epochFile, `${JSON.stringify({ who: nameOf(issuer, subject), at })}\n`)
      } catch (cause) {
        throw unusable(path, 'cannot be written', cause)
      }
    },
    reader(issuer) {
      const erased = readAll(path)
      return ({ subject, createdAt }) => createdAt <= (erased.get(nameOf(issuer, subject)) ?? -1)
    },
  }
}

function nameOf(issuer: string, subject: string): string {
  return hash('sha256', `${issuer}\0${subject}`)
}

function append(path: string, epochFile: string, line: string): void {
  const isNew = !existsSync(path)
  const handle = openSync(path, 'a+', 0o600)
  try {
    keepOwner(handle, epochFile)
    // All of it or an error: a disk that fills up takes the beginning of what it is given
    writeFileSync(handle, isOpen(handle) ? `\n${line}` : line)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  // What is promised must not go with the name of its file
  if (isNew) syncFolder(dirname(path))
}

function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** Whether the last line was cut off, as by a full disk: whoever mends that one must not lose the next. */
function isOpen(handle: number): boolean {
  const { size } = fstatSync(handle)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(handle, last, 0, 1, size - 1) === 1 && last.toString('latin1') !== '\n'
}

/** An administrator's command must not keep the server's user from reading it. */
function keepOwner(handle: number, epochFile: string): void {
  const wanted = statSync(epochFile, { throwIfNoEntry: false }) ?? statSync(dirname(epochFile))
  if (wanted.uid !== fstatSync(handle).uid) fchownSync(handle, wanted.uid, wanted.gid)
}

function readAll(path: string): ReadonlyMap<string, number> {
  try {
    const lines = readFileSync(path, 'utf8').split('\n')
    return new Map(lines.filter((line) => line !== '').map(checkedLine))
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return new Map()
    throw unusable(path, 'cannot be read', cause)
  }
}

/** Later lines on the same subject take the place of earlier ones. */
function checkedLine(line: string): readonly [string, number] {
  const value: unknown = JSON.parse(line)
  if (typeof value === 'object' && value !== null && 'who' in value && 'at' in value) {
    const { who, at } = value
    if (typeof who === 'string' && typeof at === 'number') return [who, at]
  }
  throw new TypeError('Cannot read the line: it names nobody')
}

function unusable(path: string, state: string, cause: unknown): Refusal {
  return new Refusal('refused', `Cannot keep track of who was erased: ${path} ${state}`, {
    cause,
    remedy:
      'It lies beside keys.epoch_file; mend the line that is not JSON, or see that this user may write there',
  })
}
