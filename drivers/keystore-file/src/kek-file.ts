import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs'
import { Secret } from '@jotwarden/token'
import { KeyStoreError } from './errors.ts'
import { type KeyEncryptionKey, kekFromText } from './kek.ts'
import { makeKekFile, newKekLine } from './write-kek-file.ts'

/** How to open the file; the mode is always demanded, and that is written. */
export interface KekFileOptions {
  /** Makes the file when it is missing. */
  readonly create: boolean
  readonly requireMode: true
}

/** Key-encryption keys, of which the first wraps and all open. */
export type Keks = readonly [KeyEncryptionKey, ...KeyEncryptionKey[]]

/**
 * Reads the key-encryption keys from a file of their own, a line each: a plain file, mode 0600 or 0400, owned by the user
 * of this process or by root. With `create` a missing file is made, whole or not at all; of racing processes one makes it.
 * Throws `keystore/kek-missing`, `-mode`, `-owner`, `-link`, `-malformed`, or `-file` when the system refuses.
 */
export function openKekFile(path: string, options: KekFileOptions): Keks {
  const present = readKeks(path)
  if (present !== undefined) return present
  if (!options.create) {
    throw new KeyStoreError(
      'keystore/kek-missing',
      `Cannot open the key-encryption key: ${path} is missing; restore it from its backup, or make a new one for an empty store`,
    )
  }
  makeKekFile(path, [newKekLine()])
  const made = readKeks(path)
  if (made === undefined) throw refused('keystore/kek-file', `${path} vanished as it was made`)
  return made
}

/** What stands in the file, with its owner and mode. */
export interface KekLines {
  readonly keks: Keks
  /** As they stand there, each of the key at the same place. */
  readonly lines: readonly string[]
  readonly stats: Stats
}

/** Reads the file with all that is needed to write it again; `undefined` when it is missing. Throws like `openKekFile`. */
export function readKekLines(path: string): KekLines | undefined {
  const file = openToRead(path)
  if (file === undefined) return undefined
  try {
    // Asked of the open file, not of the path: nobody can swap it in between.
    const stats = fstatSync(file)
    checkFile(stats, path)
    const lines = linesOf(file, path)
    return { keks: keksFrom(lines, path), lines, stats }
  } finally {
    closeSync(file)
  }
}

function readKeks(path: string): Keks | undefined {
  return readKekLines(path)?.keks
}

function openToRead(path: string): number | undefined {
  try {
    // O_NONBLOCK: a named pipe in the file's place must not hang the start.
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    const code = systemCode(cause)
    if (code === 'ENOENT') return undefined
    if (code === 'ELOOP') {
      throw refused('keystore/kek-link', `${path} is a symbolic link; name the file itself`)
    }
    throw refused('keystore/kek-file', `${path} cannot be read (${code})`)
  }
}

function checkFile(stats: Stats, path: string): void {
  if (!stats.isFile()) throw refused('keystore/kek-file', `${path} is not a plain file`)
  if (!trustedOwners().includes(stats.uid)) {
    throw refused('keystore/kek-owner', `${path} belongs to user ${stats.uid}; run chown on it`)
  }
  if ((stats.mode & othersBits) !== 0) {
    const mode = (stats.mode & 0o7777).toString(8).padStart(4, '0')
    throw refused(
      'keystore/kek-mode',
      `${path} has mode ${mode}; run chmod 600 on it, and replace the key if others may have read it`,
    )
  }
}

/** Root can read the file in any case. */
function trustedOwners(): readonly number[] {
  return [process.geteuid?.() ?? 0, 0]
}

function linesOf(file: number, path: string): readonly string[] {
  const bytes = Buffer.alloc(longestFile + 1)
  try {
    const length = readSync(file, bytes, 0, bytes.length, 0)
    if (length > longestFile) throw malformed(path)
    const lines = bytes
      .toString('latin1', 0, length)
      .split('\n')
      .map((line) => line.trim())
    return [...new Set(lines.filter((line) => line !== ''))]
  } finally {
    bytes.fill(0)
  }
}

function keksFrom(lines: readonly string[], path: string): Keks {
  try {
    const [first, ...others] = lines.map((line) => kekFromText(Secret.fromText(line)))
    if (first !== undefined) return [first, ...others]
  } catch {
    // The cause could tell of the key; it is left behind.
  }
  throw malformed(path)
}

function malformed(path: string): KeyStoreError {
  return refused(
    'keystore/kek-malformed',
    `${path} does not hold 32 bytes in base64url, or a few such lines; restore it from its backup`,
  )
}

function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown'
}

function refused(code: KeyStoreError['code'], state: string): KeyStoreError {
  return new KeyStoreError(code, `Cannot open the key-encryption key: ${state}`)
}

const othersBits = 0o077
/** Some keys of 43 characters and a line end; a longer file is something else. */
const longestFile = 512
