import { randomUUID } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { Refusal } from '../refusal.ts'

/** How far a revocation log had come when it was last looked at. */
export interface Waterline {
  readonly number: number
  readonly pulse: number
}

/** Remembers, apart from the store, how far each issuer's log had come: a store that is behind was set back. */
export interface EpochFile {
  read(issuer: string): Waterline | undefined
  /** Throws `Refusal` when the file cannot be written. */
  write(issuer: string, waterline: Waterline): void
}

/** Reads and writes the file, which need not be there yet. Throws `Refusal` when it holds something else. */
export function openEpochFile(path: string): EpochFile {
  return {
    read: (issuer) => readAll(path).get(issuer),
    write(issuer, waterline) {
      const all = readAll(path)
      const known = all.get(issuer)
      const number = Math.max(waterline.number, known?.number ?? 0)
      const pulse = Math.max(waterline.pulse, known?.pulse ?? 0)
      if (known?.number === number && known.pulse === pulse) return
      replace(path, JSON.stringify(Object.fromEntries(all.set(issuer, { number, pulse }))))
    },
  }
}

function readAll(path: string): Map<string, Waterline> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return new Map()
    throw unusable(path, 'cannot be read', cause)
  }
  try {
    return new Map(Object.entries<unknown>(JSON.parse(text)).map(checkedEntry))
  } catch (cause) {
    throw unusable(path, 'does not hold what this software wrote', cause)
  }
}

function checkedEntry([issuer, value]: [string, unknown]): [string, Waterline] {
  if (typeof value === 'object' && value !== null && 'number' in value && 'pulse' in value) {
    const { number, pulse } = value
    if (Number.isSafeInteger(number) && Number.isSafeInteger(pulse))
      return [issuer, { number: Number(number), pulse: Number(pulse) }]
  }
  throw new TypeError('Cannot read the entry: it is no waterline')
}

/** Whole or not at all, also when the power goes: a draft of its own takes the file's place. */
function replace(named: string, text: string): void {
  // Behind a link lies the file that is meant
  const path = existsSync(named) ? realpathSync(named) : named
  const draft = `${path}.${randomUUID()}.draft`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const handle = openSync(draft, 'wx', 0o600)
    try {
      writeSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    keepOwner(draft, path)
    renameSync(draft, path)
  } catch (cause) {
    throw unusable(path, 'cannot be written', cause)
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * An administrator's command must not take the file away from the server's user. A group can read nothing of it, so that
 * another group is no reason to do what only an administrator may.
 */
function keepOwner(draft: string, path: string): void {
  const before = statSync(path, { throwIfNoEntry: false }) ?? statSync(dirname(path))
  if (before.uid !== statSync(draft).uid) chownSync(draft, before.uid, before.gid)
}

function unusable(path: string, state: string, cause: unknown): Refusal {
  return new Refusal('refused', `Cannot tell whether the store was set back: ${path} ${state}`, {
    cause,
    remedy:
      'Name a file in a folder that this user may write to, apart from the data, in keys.epoch_file; if it is damaged, remove it and run `jotwarden sessions revoke --everyone`',
  })
}
