import { closeSync, fsyncSync, openSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { number, numberOrNull, text } from './columns.ts'
import { type Connection, createConnection } from './connection.ts'
import { StoreError } from './errors.ts'
import { refuseForeign } from './migrate.ts'
import { countPrunable } from './prune.ts'
import { migrations } from './schema.ts'
import { storeError } from './sqlite-error.ts'

/** What a file of ours holds, at one moment. */
export interface FileContents {
  readonly schemaVersion: number
  /** Whether this software would take the file to a newer version when it opens it. */
  readonly isOldSchema: boolean
  /** Bytes of the file, of them on free pages, and of the log that is not yet in it. */
  readonly size: number
  readonly freeSize: number
  readonly logSize: number
  /** Rows by table, of all issuers. */
  readonly tables: Readonly<Record<string, number>>
  readonly issuers: readonly IssuerContents[]
}

/** What of it is one issuer's; empty parts for one that only the revocation log does not know. */
export interface IssuerContents {
  readonly issuer: string
  readonly head: number
  readonly floor: number
  readonly pulse: number
  /** When the oldest and the newest event were recorded; `null` where there is none. */
  readonly oldestEvent: number | null
  readonly newestEvent: number | null
  /** Ids of the keys that must not work any more. */
  readonly withdrawnKeys: readonly string[]
  /** Rows that pruning at `now` would take. */
  readonly prunable: number
}

/** Looks at a file without changing it, whether another process uses it or not. `now` is in seconds. Throws `StoreError`. */
export function lookAtFile(path: string, now: number): FileContents {
  return reading(path, (database) => {
    database.exec('BEGIN')
    return contentsOf(database, createConnection(database), path, now)
  })
}

/** What is broken in the file, in SQLite's words; nothing when it is whole. `thorough` compares indexes as well. */
export function findDamage(path: string, { thorough }: { readonly thorough: boolean }): readonly string[] {
  return reading(path, (database) => {
    const rows = database.prepare(thorough ? 'PRAGMA integrity_check(10)' : 'PRAGMA quick_check(10)').all()
    return rows.map((row) => String(Object.values(row)[0])).filter((line) => line !== 'ok')
  })
}

/** Runs the act on a connection that cannot write. Throws `StoreError`. */
export function reading<Answer>(path: string, act: (database: DatabaseSync) => Answer): Answer {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { readOnly: true, timeout: TIMEOUT })
    refuseForeign(database)
    return act(database)
  } catch (error) {
    throw storeError(error, 'Cannot read the store')
  } finally {
    database?.close()
  }
}

/** What the file or folder has in memory is on the disk. */
export function syncPath(path: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function contentsOf(database: DatabaseSync, connection: Connection, path: string, now: number): FileContents {
  const pragma = (name: string) => Number(connection.get(`PRAGMA ${name}`)?.[name])
  const schemaVersion = pragma('user_version')
  if (schemaVersion === 0) throw new StoreError('store/not-ours', 'Cannot read the store: the file is empty')
  const pageSize = pragma('page_size')
  const names = connection.all(TABLES).map((row) => text(row, 'name'))
  const tables = names.map((name) => [
    name,
    number(connection.get(`SELECT count(*) AS rows FROM ${name}`) ?? {}, 'rows'),
  ])
  const contents = {
    schemaVersion,
    isOldSchema: schemaVersion < migrations.length,
    size: pragma('page_count') * pageSize,
    freeSize: pragma('freelist_count') * pageSize,
    logSize: statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    tables: Object.fromEntries(tables),
    issuers: schemaVersion < FIRST_WITH_LOG ? [] : issuersOf(connection, now),
  }
  database.exec('ROLLBACK')
  return contents
}

function issuersOf(connection: Connection, now: number): readonly IssuerContents[] {
  return connection.all(ISSUERS).map((row) => {
    const issuer = text(row, 'issuer')
    const head = connection.get('SELECT number, floor, pulse FROM revocation_heads WHERE issuer = ?', issuer)
    const events = connection.get(EVENTS, issuer) ?? {}
    return {
      issuer,
      head: head === undefined ? 0 : number(head, 'number'),
      floor: head === undefined ? 0 : number(head, 'floor'),
      pulse: head === undefined ? 0 : number(head, 'pulse'),
      oldestEvent: numberOrNull(events, 'oldest'),
      newestEvent: numberOrNull(events, 'newest'),
      withdrawnKeys: connection.all(WITHDRAWN, issuer).map((row) => text(row, 'kid')),
      prunable: countPrunable(connection, issuer, now),
    }
  })
}

/** Milliseconds. */
const TIMEOUT = 5000
/** The version of the schema that brought the revocation log. */
const FIRST_WITH_LOG = 2
const TABLES =
  "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
const ISSUERS = `SELECT issuer FROM revocation_heads UNION SELECT issuer FROM keys UNION SELECT issuer FROM accounts
  UNION SELECT issuer FROM clients ORDER BY issuer`
const WITHDRAWN =
  "SELECT kid FROM keys WHERE issuer = ? AND state IN ('compromised', 'suspended') ORDER BY kid"
const EVENTS = 'SELECT min(at) AS oldest, max(at) AS newest FROM events WHERE issuer = ?'
