import { randomUUID } from 'node:crypto'
import { closeSync, existsSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs'
import { Refusal } from '../refusal.ts'
import { openEpochFile, type Waterline } from '../state/epoch-file.ts'
import type { Diagnosis } from './diagnosis.ts'

/** Whether the file that tells a store that was set back can be read, says what the store says, and can be written. */
export function epochFileDiagnoses(
  path: string,
  issuer: string,
  log: Waterline | undefined,
): readonly Diagnosis[] {
  try {
    const known = openEpochFile(path).read(issuer)
    if (known === undefined && log !== undefined && log.pulse > 0) return [lost(path)]
    if (known === undefined || log === undefined) return []
    return log.number < known.number || log.pulse < known.pulse ? [ahead(path)] : []
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [{ severity: 'error', subject: SUBJECT, problem: error.message, remedy: error.remedy ?? '' }]
  }
}

/** When the file system says that a file beside it was written just now, in seconds; a diagnosis when none can be. */
export function probeFolder(path: string): { readonly writtenAt: number } | Diagnosis {
  const probe = `${path}.${randomUUID()}.probe`
  try {
    const handle = openSync(probe, 'wx', 0o600)
    try {
      writeSync(handle, 'x')
      return { writtenAt: fstatSync(handle).mtimeMs / 1000 }
    } finally {
      closeSync(handle)
    }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return {
      severity: 'error',
      subject: SUBJECT,
      problem: `${path} cannot be written (${reason}), so that a store that was set back would not be noticed`,
      remedy: 'Name a file in a folder that exists and that this user may write to',
    }
  } finally {
    if (existsSync(probe)) rmSync(probe)
  }
}

function lost(path: string): Diagnosis {
  return {
    severity: 'warning',
    subject: SUBJECT,
    problem: `${path} says nothing of this store: an earlier copy that was put back would not be noticed`,
    remedy: 'The next start writes it; look why it went, and leave it out of backups of the data',
  }
}

function ahead(path: string): Diagnosis {
  return {
    severity: 'error',
    subject: SUBJECT,
    problem: `${path} is ahead of the store, which was set back: the next start signs everybody out`,
    remedy: 'If that is not wanted, put the newest store back before you start',
  }
}

const SUBJECT = 'keys.epoch_file'
