import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { NOTHING } from '@jotwarden/authority'
import { openSqliteStores, type SqliteStores } from '@jotwarden/store-sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ISSUER, sampleConsent, sampleRotation, sampleSession, T0 } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()
let files = 0
let path = ''
let stores: SqliteStores

beforeEach(async () => {
  files += 1
  path = `${folder}/${files}.db`
  stores = await openSqliteStores({ path, groupSize: 50, busyAttempts: 4 })
})

afterEach(() => stores.close())

const give = (subject: string): Promise<unknown> =>
  stores.consents.give(ISSUER, sampleConsent(subject), 0, [{ type: 'consent-given', at: T0, subject }])

const kept = async (): Promise<readonly (string | undefined)[]> =>
  (await stores.events.list(ISSUER, { after: 0, limit: 1000 })).map((event) => event.subject)

describe('groups', () => {
  test('openSqliteStores: acts that wait at one time share one commit', async () => {
    const before = commits()
    await Promise.all(subjects(50).map(give))
    expect(commits() - before).toBe(1)
  })

  test('openSqliteStores: acts of different callbacks in one turn of the loop share one commit', async () => {
    const before = commits()
    const callbacks = subjects(10).map(
      (subject) => new Promise((resolve) => setImmediate(() => resolve(give(subject)))),
    )
    await Promise.all(callbacks)
    expect(commits() - before).toBe(1)
  })

  test('openSqliteStores: a group holds no more acts than groupSize', async () => {
    const before = commits()
    await Promise.all(subjects(120).map(give))
    expect(commits() - before).toBe(3)
    expect(await kept()).toHaveLength(120)
  })

  test('openSqliteStores: an observer is told of each commit, how many acts it had and how long the first waited', async () => {
    const told: [number, number][] = []
    let now = 0
    const observer = {
      now: () => {
        now += 1
        return now
      },
      committed: (acts: number, seconds: number) => void told.push([acts, seconds]),
    }
    const observed = await openSqliteStores({ path: `${folder}/observed.db`, groupSize: 50, observer })
    const event = { type: 'login-refused', at: T0 } as const
    await Promise.all(subjects(60).map(() => observed.events.record(ISSUER, [event])))
    await observed.close()
    // Sixty came at 1 to 60; the first fifty were committed at 61, the rest at 62
    expect(told).toEqual([
      [50, 60],
      [10, 11],
    ])
  })

  test('openSqliteStores: acts run in the order of their calls', async () => {
    await Promise.all(subjects(120).map(give))
    expect(await kept()).toEqual(subjects(120))
  })

  test('openSqliteStores: an act sees those before it in its own group', async () => {
    const [, ...outcomes] = await Promise.all([
      stores.sessions.start(ISSUER, sampleSession('one'), []),
      ...[0, 1, 2].map((generation) =>
        stores.sessions.rotate(ISSUER, sampleRotation('one', generation), () => NOTHING),
      ),
    ])
    expect(outcomes).toMatchObject([{ outcome: 'rotated' }, { outcome: 'rotated' }, { outcome: 'rotated' }])
    expect((await stores.sessions.find(ISSUER, 'one'))?.generation).toBe(3)
  })
})

describe('failures', () => {
  test('openSqliteStores: an act that the database refuses is undone alone', async () => {
    alter(`CREATE TRIGGER refuse AFTER INSERT ON events WHEN new.subject = 'poison'
           BEGIN SELECT RAISE(ABORT, 'refused'); END`)
    const settled = await Promise.allSettled(['a', 'poison', 'b'].map(give))
    expect(settled).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'store/failed', cause: { message: 'refused' } } },
      { status: 'fulfilled' },
    ])
    expect(await kept()).toEqual(['a', 'b'])
    expect(await stores.consents.find(ISSUER, 'poison', 'ledger')).toBeUndefined()
  })

  test('openSqliteStores: an identifier that must be new is refused as store/exists', async () => {
    await stores.sessions.start(ISSUER, sampleSession('one'), [])
    await expect(stores.sessions.start(ISSUER, sampleSession('one'), [])).rejects.toMatchObject({
      code: 'store/exists',
    })
  })

  test('openSqliteStores: a failed commit fails its whole group, changes nothing, and the next group is done', async () => {
    // A deferred constraint is looked at by COMMIT alone.
    alter(`CREATE TABLE parents (id INTEGER PRIMARY KEY);
           CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
           CREATE TRIGGER refuse AFTER INSERT ON events WHEN new.subject = 'poison'
           BEGIN INSERT INTO children VALUES (1); END`)
    const settled = await Promise.allSettled(['a', 'poison', 'b'].map(give))
    expect(settled).toMatchObject(
      Array.from({ length: 3 }, () => ({ status: 'rejected', reason: { code: 'store/failed' } })),
    )
    expect(await kept()).toEqual([])
    expect(await stores.consents.find(ISSUER, 'a', 'ledger')).toBeUndefined()
    const other = hold()
    other.exec('ROLLBACK')
    other.close()
    await Promise.all(['a', 'b'].map(give))
    expect(await kept()).toEqual(['a', 'b'])
  })

  test('openSqliteStores: when the database itself rolls back, the whole group fails and nothing of it is kept', async () => {
    alter(`CREATE TRIGGER refuse AFTER INSERT ON events WHEN new.subject = 'poison'
           BEGIN SELECT RAISE(ROLLBACK, 'lost'); END`)
    const settled = await Promise.allSettled(['a', 'poison', 'b'].map(give))
    expect(settled).toMatchObject(
      Array.from({ length: 3 }, () => ({
        status: 'rejected',
        reason: { code: 'store/failed', cause: { message: 'lost' } },
      })),
    )
    expect(await kept()).toEqual([])
    await give('b')
    expect(await kept()).toEqual(['b'])
  })
})

describe('a file that another holds', () => {
  test('openSqliteStores: acts wait for it and are then done together; reads go on meanwhile', async () => {
    await give('before')
    const other = hold()
    let answered = false
    const acts = Promise.all(['a', 'b'].map(give)).then(() => {
      answered = true
    })
    await turns(3)
    expect(await kept()).toEqual(['before'])
    expect(answered).toBe(false)
    other.exec('COMMIT')
    other.close()
    await acts
    expect(await kept()).toEqual(['before', 'a', 'b'])
  })

  test('openSqliteStores: an act that has waited busyAttempts times is refused as store/busy and never done', async () => {
    const other = hold()
    await expect(give('a')).rejects.toMatchObject({ code: 'store/busy' })
    other.exec('COMMIT')
    other.close()
    await give('b')
    expect(await kept()).toEqual(['b'])
  })

  test('close waits for acts that wait for the file', async () => {
    const other = hold()
    const act = give('a')
    const closed = stores.close()
    await turns(2)
    other.exec('COMMIT')
    other.close()
    await closed
    await act
    stores = await openSqliteStores({ path })
    expect(await kept()).toEqual(['a'])
  })
})

function subjects(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `usr_${index}`)
}

/** Commits in the write-ahead log: frames that name the size of the file after them (SQLite file format §4.2). */
function commits(): number {
  const log = readFileSync(`${path}-wal`)
  const frame = 24 + log.readUInt32BE(8)
  let count = 0
  for (let at = 32; at < log.length; at += frame) if (log.readUInt32BE(at + 4) !== 0) count += 1
  return count
}

/** Changes the schema behind the store's back. */
function alter(sql: string): void {
  const other = new DatabaseSync(path)
  other.exec(sql)
  other.close()
}

/** Another connection that has begun to write. */
function hold(): DatabaseSync {
  const other = new DatabaseSync(path)
  other.exec('BEGIN IMMEDIATE')
  return other
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}
