import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { type AccountRecord, NOTHING } from '@jotwarden/authority'
import { compactFile, openSqliteStores } from '@jotwarden/store-sqlite'
import { expect, test } from 'vitest'
import { ISSUER, sampleClient } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

test('compactFile() leaves nothing of what was deleted, wherever rows had moved to, in the file or its log', async () => {
  const path = `${folder}/compacted.db`
  const stores = await openSqliteStores({ path })
  // In an order that splits pages all over the tree
  const people = Array.from({ length: 3000 }, (_, n) => account((n * 7919) % 3000))
  for (let from = 0; from < people.length; from += 100)
    await stores.accounts.addAll(ISSUER, people.slice(from, from + 100), [])
  const gone = people.filter(({ name }) => name?.startsWith('Planted') === true)
  await Promise.all(gone.map(({ subject }) => stores.accounts.erase(ISSUER, subject, () => NOTHING)))
  const checkpoint = new DatabaseSync(path)
  checkpoint.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  checkpoint.close()
  // SQLite overwrites what it deletes, but not what it left where a row lay before
  expect(traces(path)).toBeGreaterThan(0)

  compactFile(path)
  expect([traces(path), traces(`${path}-wal`)]).toEqual([0, 0])
  expect(await stores.accounts.list(ISSUER)).toHaveLength(people.length - gone.length)
  await stores.clients.add(ISSUER, sampleClient('app'), [])
  await stores.close()
})

test('compactFile() is refused while a reader keeps the log, and says that traces may be left', async () => {
  const path = `${folder}/held.db`
  const stores = await openSqliteStores({ path })
  await stores.clients.add(ISSUER, sampleClient('app'), [])
  const reader = new DatabaseSync(path, { readOnly: true })
  reader.exec('BEGIN')
  reader.prepare('SELECT count(*) FROM clients').get()
  expect(() => compactFile(path, 50)).toThrow(expect.objectContaining({ code: 'store/busy' }))
  reader.exec('COMMIT')
  compactFile(path, 50)
  reader.close()
  await stores.close()
})

function account(n: number): AccountRecord {
  const planted = n % 5 === 0
  return {
    subject: `usr_${String(n).padStart(6, '0')}`,
    username: `person-${n}`,
    name: planted ? `Planted Person ${n} ${'x'.repeat(n % 90)}` : `Other ${'y'.repeat(n % 150)}`,
    email: null,
    emailVerified: false,
    disabled: false,
    credentialVersion: 0,
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    createdAt: 1_800_000_000,
  }
}

function traces(path: string): number {
  return readFileSync(path).toString('latin1').split('Planted Person').length - 1
}
