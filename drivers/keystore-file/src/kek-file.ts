import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { encodeBase64url, Secret } from '@jotwarden/token'
import { KeyStoreError } from './errors.ts'
import { type KeyEncryptionKey, kekFromText } from './kek.ts'

/** How to open the file; the mode is always demanded, and that is written. */
export interface KekFileOptions {
  /** Makes the file when it is missing. */
  readonly create: boolean
  readonly requireMode: true
}

/**
 * Reads the key-encryption key from a file of its own: a plain file, mode 0600 or 0400, owned by the user of this
 * process or by root. With `create` a missing file is made, whole or not at all; of racing processes one makes it.
 * Throws `keystore/kek-missing`, `-mode`, `-owner`, `-link`, `-malformed`, or `-file` when the system refuses.
 */
export function openKekFile(path: string, options: KekFileOptions): KeyEncryptionKey {
  const present = readKekFile(path)
  if (present !== undefined) return present
  if (!options.create) {
    throw new KeyStoreError(
      'keystore/kek-missing',
      `Cannot open the key-encryption key: ${path} is missing; restore it from its backup, or make a new one for an empty store`,
    )
  }
  makeKekFile(path)
  const made = readKekFile(path)
  if (made === undefined) throw refused('keystore/kek-file', `${path} vanished as it was made`)
  return made
}

function readKekFile(path: string): KeyEncryptionKey | undefined {
  const file = openToRead(path)
  if (file === undefined) return undefined
  try {
    // Asked of the open file, not of the path: nobody can swap it in between.
    checkFile(fstatSync(file), path)
    return readKek(file, path)
  } finally {
    closeSync(file)
  }
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

function readKek(file: number, path: string): KeyEncryptionKey {
  const bytes = Buffer.alloc(longestFile)
  const length = readSync(file, bytes, 0, longestFile, 0)
  try {
    return kekFromText(Secret.fromBytes(bytes.subarray(0, length)))
  } catch {
    throw refused(
      'keystore/kek-malformed',
      `${path} does not hold 32 bytes in base64url; restore it from its backup`,
    )
  } finally {
    bytes.fill(0)
  }
}

/**
 * Written beside and linked into place: link(2) fails when the name is taken, and a crash halfway leaves no
 * half a key under the name.
 */
function makeKekFile(path: string): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}.draft`
  try {
    writeDurably(draft)
    linkUnlessTaken(draft, path)
    syncFolder(dirname(path))
  } catch (cause) {
    throw refused('keystore/kek-file', `${path} cannot be made (${systemCode(cause)})`)
  } finally {
    removeDraft(draft)
  }
}

function writeDurably(draft: string): void {
  const file = openSync(
    draft,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  )
  try {
    writeSync(file, `${encodeBase64url(randomBytes(32))}\n`)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

function linkUnlessTaken(draft: string, path: string): void {
  try {
    linkSync(draft, path)
  } catch (cause) {
    if (systemCode(cause) !== 'EEXIST') throw cause
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, constants.O_RDONLY)
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function removeDraft(draft: string): void {
  try {
    unlinkSync(draft)
  } catch (cause) {
    if (systemCode(cause) !== 'ENOENT') throw refused('keystore/kek-file', `${draft} cannot be removed`)
  }
}

function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown'
}

function refused(code: KeyStoreError['code'], state: string): KeyStoreError {
  return new KeyStoreError(code, `Cannot open the key-encryption key: ${state}`)
}

const othersBits = 0o077
/** 43 characters and a line end; a longer file is something else. */
const longestFile = 64
