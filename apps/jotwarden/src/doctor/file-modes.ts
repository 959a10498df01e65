import { type Stats, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Configuration } from '../config/configuration.ts'
import type { Diagnosis } from './diagnosis.ts'

/** Which files others may read or change. The key file and the store are refused when they are too open: not asked here. */
export function fileModeDiagnoses(
  { store, keys, server }: Configuration,
  configurationFile: string | null,
): readonly Diagnosis[] {
  if (process.platform === 'win32') return []
  return [
    ...tooOpen(
      configurationFile,
      CHANGEABLE,
      'error',
      'the configuration',
      'others can change it',
      'chmod go-w',
    ),
    ...tooOpen(
      server.tls_key,
      READABLE_BY_ALL,
      'error',
      'server.tls_key',
      'every user can read it',
      'chmod o-rwx',
    ),
    ...tooOpen(
      keys.epoch_file,
      CHANGEABLE,
      'warning',
      'keys.epoch_file',
      'others can change it',
      'chmod go-w',
    ),
    ...tooOpen(
      dirname(store.path),
      READABLE,
      'warning',
      'the folder of the store',
      'others can look into it, or put files there',
      'chmod 700',
    ),
  ]
}

function tooOpen(
  path: string | null | undefined,
  bits: number,
  severity: Diagnosis['severity'],
  subject: string,
  problem: string,
  command: string,
): readonly Diagnosis[] {
  const stats = path === null || path === undefined ? undefined : statsOf(path)
  if (stats === undefined || (stats.mode & bits) === 0) return []
  return [{ severity, subject, problem: `${path}: ${problem}`, remedy: `Run ${command} ${path}` }]
}

function statsOf(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

const CHANGEABLE = 0o022
const READABLE = 0o077
const READABLE_BY_ALL = 0o007
