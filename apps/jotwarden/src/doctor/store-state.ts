import type { FileContents } from '@jotwarden/store-sqlite'
import { formatSize } from '../output/size.ts'
import type { Diagnosis } from './diagnosis.ts'

/** What is known of the store. Sizes in bytes. */
export interface StoreFacts {
  readonly contents: FileContents
  readonly issuer: string
  /** What SQLite finds broken. */
  readonly damage: readonly string[]
  readonly diskFree: number
}

/** Whether the store is whole, and whether it will stay so: room on the disk, a log that is taken up, pruning. */
export function storeDiagnoses({ contents, issuer, damage, diskFree }: StoreFacts): readonly Diagnosis[] {
  const { size, freeSize, logSize, isOldSchema, schemaVersion, issuers } = contents
  const prunable = issuers.find((one) => one.issuer === issuer)?.prunable ?? 0
  const needed = Math.max(LEAST_FREE, 2 * size)
  const rules: readonly (readonly [boolean, Diagnosis['severity'], string, string])[] = [
    [
      damage.length > 0,
      'error',
      `is damaged (${damage[0]?.split('\n')[0]})`,
      'Stop the server and restore the newest backup with `jotwarden store restore`; then look at the disk',
    ],
    [
      diskFree < needed,
      diskFree < LEAST_FREE ? 'error' : 'warning',
      `has ${formatSize(diskFree)} left on its disk; ${formatSize(needed)} are needed to grow and to restore a backup`,
      'Free space, or move the store to a larger disk',
    ],
    [
      logSize > LARGEST_LOG,
      'warning',
      `has a write-ahead log of ${formatSize(logSize)}, which something keeps from being taken up`,
      'Look for a command or a backup that has been reading for long',
    ],
    [
      prunable > MOST_PRUNABLE,
      'warning',
      `holds ${prunable} rows that expired more than ten minutes ago: pruning does not keep up`,
      'It runs each minute in `jotwarden serve`; if that runs, look in its log',
    ],
    [
      freeSize > LARGEST_FREE && freeSize > size / 2,
      'note',
      `is half empty: ${formatSize(freeSize)} of ${formatSize(size)} are free`,
      'Nothing has to be done: it fills again',
    ],
    [isOldSchema, 'note', `has the schema version ${schemaVersion}`, 'The next start takes it to the newest'],
  ]
  return rules.flatMap(([applies, severity, problem, remedy]) =>
    applies ? [{ severity, subject: 'store', problem, remedy }] : [],
  )
}

const MIB = 1024 * 1024
const LEAST_FREE = 100 * MIB
const LARGEST_LOG = 256 * MIB
const LARGEST_FREE = 64 * MIB
const MOST_PRUNABLE = 1000
