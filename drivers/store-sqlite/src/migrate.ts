import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './errors.ts'
import { APPLICATION_ID, migrations } from './schema.ts'
import { isNoDatabase } from './sqlite-error.ts'

/** Refuses files of other programs and of newer versions of this one; changes nothing. */
export function refuseForeign(database: DatabaseSync): void {
  const { application, version, empty } = identity(database)
  if (application === APPLICATION_ID && version > migrations.length)
    throw new StoreError(
      'store/newer-schema',
      `Cannot open the store: its schema is version ${version} and this software knows ${migrations.length}; update the software`,
    )
  if (application !== APPLICATION_ID && !empty)
    throw new StoreError('store/not-ours', 'Cannot open the store: the file belongs to another program')
}

/** Takes the file to the newest version, each step in a transaction of its own that one of several processes wins. */
export function migrate(database: DatabaseSync): void {
  while (identity(database).version < migrations.length) {
    database.exec('BEGIN IMMEDIATE')
    try {
      step(database)
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
}

function step(database: DatabaseSync): void {
  const { version } = identity(database)
  const migration = migrations[version]
  if (migration === undefined) return
  database.exec(migration)
  database.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
  database.exec(`PRAGMA user_version = ${version + 1}`)
}

interface Identity {
  readonly application: number
  readonly version: number
  readonly empty: boolean
}

/** Reads all of it at one moment: another process may be making the schema. */
function identity(database: DatabaseSync): Identity {
  if (database.isTransaction) return read(database)
  try {
    database.exec('BEGIN')
    return read(database)
  } catch (error) {
    if (!isNoDatabase(error)) throw error
    throw new StoreError('store/not-ours', 'Cannot open the store: the file is no database', { cause: error })
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK')
  }
}

function read(database: DatabaseSync): Identity {
  const application = Number(database.prepare('PRAGMA application_id').get()?.application_id)
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
  const objects = Number(database.prepare('SELECT count(*) AS objects FROM sqlite_schema').get()?.objects)
  return { application, version, empty: application === 0 && version === 0 && objects === 0 }
}
