import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { encodeBase64url } from '@jotwarden/token'
import { KeyStoreError } from './errors.ts'

/** A new key-encryption key, as a line of its file. */
export function newKekLine(): string {
  return encodeBase64url(randomBytes(32))
}

/**
 * Makes the file unless there is one. Written beside and linked into place: link(2) fails when the name is taken, and a
 * crash halfway leaves no half a key under the name. Throws `keystore/kek-file`.
 */
export function makeKekFile(path: string, lines: readonly string[]): void {
  withDraft(path, lines, undefined, 'made', (draft) => linkUnlessTaken(draft, path))
}

/** Puts a new file in the place of the present one, whole or not at all, with its owner and mode. Throws `keystore/kek-file`. */
export function replaceKekFile(path: string, lines: readonly string[], like: Stats): void {
  withDraft(path, lines, like, 'replaced', (draft) => renameSync(draft, path))
}

/** Removes what a process that was killed left beside the file. */
export function removeDrafts(path: string): void {
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(`${basename(path)}.`) && draftEnd.test(name)) removeDraft(join(dirname(path), name))
}

function withDraft(
  path: string,
  lines: readonly string[],
  like: Stats | undefined,
  act: string,
  place: (draft: string) => void,
): void {
  const draft = `${path}.${randomBytes(8).toString('hex')}.draft`
  try {
    writeDurably(draft, lines, like)
    place(draft)
    syncFolder(dirname(path))
  } catch (cause) {
    throw refused(`${path} cannot be ${act} (${systemCode(cause)})`)
  } finally {
    removeDraft(draft)
  }
}

function writeDurably(draft: string, lines: readonly string[], like: Stats | undefined): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const file = openSync(draft, flags, 0o600)
  try {
    writeSync(file, lines.map((line) => `${line}\n`).join(''))
    if (like !== undefined) resemble(file, like)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** An administrator's command must not take the file away from the server's user. */
function resemble(file: number, { uid, gid, mode }: Stats): void {
  if (fstatSync(file).uid !== uid) fchownSync(file, uid, gid)
  fchmodSync(file, mode & 0o700)
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
    if (systemCode(cause) !== 'ENOENT') throw refused(`${draft} cannot be removed`)
  }
}

function systemCode(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown'
}

function refused(state: string): KeyStoreError {
  return new KeyStoreError('keystore/kek-file', `Cannot write the key-encryption key: ${state}`)
}

const draftEnd = /\.[0-9a-f]{16}\.draft$/
