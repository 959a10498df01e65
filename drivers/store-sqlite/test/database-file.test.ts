import { hash } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { NOTHING } from '@jotwarden/authority'
import { openSqliteStores, StoreError } from '@jotwarden/store-sqlite'
import { describe, expect, test, vi } from 'vitest'
import { migrations } from '../src/schema.ts'
import { rowOfSession } from '../src/session-row.ts'
import { ISSUER, sampleClient, sampleRotation, sampleSession } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

describe('a new file', () => {
  test('openSqliteStores makes the file for its owner alone, in a folder for its owner alone', async () => {
    const path = `${folder}/new/deeper/store.db`
    const stores = await openSqliteStores({ path })
    await stores.clients.add(ISSUER, sampleClient('app'), [])
    expect(modeOf(`${folder}/new/deeper`)).toBe(0o700)
    for (const suffix of ['', '-wal', '-shm']) expect(modeOf(path + suffix)).toBe(0o600)
    await stores.close()
  })

  test('openSqliteStores leaves a file that says what it is, with strict tables keyed by issuer', async () => {
    const path = `${folder}/schema.db`
    await (await openSqliteStores({ path })).close()
    const database = new DatabaseSync(path, { readOnly: true })
    expect(database.prepare('PRAGMA application_id').get()).toEqual({ application_id: 0x4a6f7477 })
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 7 })
    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    const tables = database.prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main'").all()
    const ours = tables.filter(({ name }) => !String(name).startsWith('sqlite_'))
    expect(ours).toHaveLength(13)
    for (const { name, strict } of ours) {
      expect(strict).toBe(1)
      const first = database.prepare('SELECT name FROM pragma_table_info(?) WHERE pk = 1').get(String(name))
      expect(first).toEqual({ name: 'issuer' })
    }
    const indexes = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL")
      .all()
    expect(indexes.length).toBeGreaterThan(8)
    for (const { name } of indexes) {
      const first = database
        .prepare('SELECT name FROM pragma_index_info(?) WHERE seqno = 0')
        .get(String(name))
      expect(first).toEqual({ name: 'issuer' })
    }
    database.close()
  })
})

describe('durability', () => {
  test('openSqliteStores writes with synchronous=FULL, so that a commit is on the disk before its answer', async () => {
    const executed = vi.spyOn(DatabaseSync.prototype, 'exec')
    const stores = await openSqliteStores({ path: `${folder}/durable.db` })
    const writer = executed.mock.contexts.find((context) => context instanceof DatabaseSync)
    executed.mockRestore()
    expect(writer?.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 })
    expect(writer?.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    await stores.close()
  })

  test('openSqliteStores overwrites what it deletes', async () => {
    const executed = vi.spyOn(DatabaseSync.prototype, 'exec')
    const stores = await openSqliteStores({ path: `${folder}/checkpoints.db` })
    const writer = executed.mock.contexts.find((context) => context instanceof DatabaseSync)
    executed.mockRestore()
    expect(writer?.prepare('PRAGMA secure_delete').get()).toEqual({ secure_delete: 2 })
    await stores.close()
  })
})

test('the schema of a version never changes: a change is a new version, or files that are out there break', () => {
  const database = new DatabaseSync(':memory:')
  const digests = migrations.map((migration) => {
    database.exec(migration)
    const objects = database.prepare('SELECT name, sql FROM sqlite_schema ORDER BY name').all()
    const text = objects.map(({ name, sql }) => `${name} ${String(sql).replace(/\s+/g, ' ')}`).join('\n')
    return hash('sha256', text).slice(0, 16)
  })
  database.close()
  expect(digests).toEqual(DIGESTS)
})

test('a file of version 1 is taken to the newest, and its sessions, codes and logins have the rev 0', async () => {
  const path = `${folder}/version-1.db`
  const old = new DatabaseSync(path)
  old.exec(
    `${migrations[0]}; PRAGMA application_id = ${0x4a6f7477}; PRAGMA user_version = 1; PRAGMA journal_mode = WAL`,
  )
  const columns = (table: string) =>
    old
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all(table)
      .map(({ name }) => String(name))
  const write = (table: string, row: Readonly<Record<string, unknown>>) => {
    const names = columns(table)
    const values = names.map((name) => (row[name] ?? null) as SQLInputValue)
    old.prepare(`INSERT INTO ${table} VALUES (${names.map(() => '?').join(', ')})`).run(...values)
  }
  const { rev: _, ...session } = rowOfSession(ISSUER, sampleSession('old-session'))
  write('sessions', session)
  old.close()
  chmodSync(path, 0o600)
  const stores = await openSqliteStores({ path })
  expect(await stores.sessions.find(ISSUER, 'old-session')).toEqual(sampleSession('old-session'))
  expect(
    (await stores.sessions.rotate(ISSUER, sampleRotation('old-session', 0), () => NOTHING)).outcome,
  ).toBe('rotated')
  await stores.close()
})

test('a file of version 2 is taken to the newest, and its clients have the secrets that they had', async () => {
  const path = `${folder}/version-2.db`
  const old = new DatabaseSync(path)
  old.exec(
    `${migrations[0]}; ${migrations[1]}; PRAGMA application_id = ${0x4a6f7477}; PRAGMA user_version = 2; PRAGMA journal_mode = WAL`,
  )
  const add = old.prepare(
    `INSERT INTO clients (issuer, id, name, type, application_type, secret_hash, redirect_uris, grant_types, scopes, consent, created_at)
     VALUES (?, ?, 'Ledger', ?, 'web', ?, '[]', '[]', '[]', 'ask', 1800000000.25)`,
  )
  add.run(ISSUER, 'service', 'confidential', 'the-hash')
  add.run(ISSUER, 'tool', 'public', null)
  old.close()
  chmodSync(path, 0o600)
  const stores = await openSqliteStores({ path })
  expect((await stores.clients.find(ISSUER, 'service'))?.secrets).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f]{8}$/),
      hash: 'the-hash',
      origin: 'made',
      createdAt: 1_800_000_000.25,
      endsAt: null,
      usedAt: null,
    },
  ])
  expect((await stores.clients.find(ISSUER, 'tool'))?.secrets).toEqual([])
  await stores.close()
})

describe('a file that is there', () => {
  test('openSqliteStores gives again what was acknowledged before', async () => {
    const path = `${folder}/again.db`
    const first = await openSqliteStores({ path })
    await first.clients.add(ISSUER, sampleClient('app'), [])
    await first.close()
    const second = await openSqliteStores({ path })
    expect(await second.clients.find(ISSUER, 'app')).toEqual(sampleClient('app'))
    await second.close()
  })

  test('openSqliteStores takes an empty file for a new one', async () => {
    const path = `${folder}/empty.db`
    writeFileSync(path, '', { mode: 0o600 })
    const stores = await openSqliteStores({ path })
    expect(await stores.clients.list(ISSUER)).toEqual([])
    await stores.close()
  })

  test('openSqliteStores refuses a file that others may read, and says what to do', async () => {
    const path = `${folder}/wide.db`
    await (await openSqliteStores({ path })).close()
    chmodSync(path, 0o640)
    await expect(openSqliteStores({ path })).rejects.toMatchObject({
      code: 'store/file-mode',
      message: expect.stringContaining('600'),
    })
  })

  test('openSqliteStores refuses a newer schema and leaves it as it is', async () => {
    const path = `${folder}/newer.db`
    await (await openSqliteStores({ path })).close()
    alter(path, 'PRAGMA user_version = 99')
    const before = readFileSync(path)
    await expect(openSqliteStores({ path })).rejects.toMatchObject({
      code: 'store/newer-schema',
      message: expect.stringContaining('99'),
    })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test.each([
    ['with tables of its own', 'CREATE TABLE notes (text)'],
    ['with an application id of its own', 'PRAGMA application_id = 77'],
    ['with a version of its own', 'PRAGMA user_version = 1'],
  ])("openSqliteStores refuses another program's database %s and leaves it as it is", async (_, sql) => {
    const path = `${folder}/foreign-${sql.length}.db`
    alter(path, sql)
    chmodSync(path, 0o600)
    const before = readFileSync(path)
    await expect(openSqliteStores({ path })).rejects.toMatchObject({ code: 'store/not-ours' })
    expect(readFileSync(path).equals(before)).toBe(true)
  })

  test('openSqliteStores refuses a file that is no database and leaves it as it is', async () => {
    const path = `${folder}/notes.txt`
    const notes = 'Not a database, only some notes. '.repeat(200)
    writeFileSync(path, notes, { mode: 0o600 })
    await expect(openSqliteStores({ path })).rejects.toBeInstanceOf(StoreError)
    await expect(openSqliteStores({ path })).rejects.toMatchObject({ code: 'store/not-ours' })
    expect(readFileSync(path, 'utf8')).toBe(notes)
  })

  test('openSqliteStores refuses a folder as store/failed', async () => {
    mkdirSync(`${folder}/folder.db`, { mode: 0o700 })
    await expect(openSqliteStores({ path: `${folder}/folder.db` })).rejects.toMatchObject({
      code: 'store/failed',
    })
  })
})

function modeOf(path: string): number {
  return statSync(path).mode & 0o777
}

function alter(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

/** Of the schema after each version; lines are added and never changed. */
const DIGESTS: readonly string[] = [
  '902392fc9aaeb2fb',
  '136eb1c54790234f',
  '380439ef8f12a634',
  '87bdd3423c27e09d',
  '965e34faa1027acc',
  '5b84c83111b56fb1',
  'c8cedb36b1361f48',
]
