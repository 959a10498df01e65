import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { backUpFile, findDamage, lookAtFile, openSqliteStores } from '@jotwarden/store-sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { ISSUER, sampleClient } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

test('backUpFile() ends although another connection commits between any two steps, and copies the moment of its beginning', async () => {
  const [from, to] = [`${folder}/moment/store.db`, `${folder}/copies/moment.db`]
  mkdirSync(`${folder}/copies`)
  const stores = await openSqliteStores({ path: from })
  await stores.clients.add(ISSUER, sampleClient('before'), [])
  const other = new DatabaseSync(from)
  other.exec(`WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 30000)
    INSERT INTO events (issuer, number, type, at, minute, count, cause)
    SELECT '${ISSUER}', n, 'login', 1800000000, 0, 1, printf('%0400d', n) FROM counted`)
  const commit = other.prepare('INSERT INTO last_marks (issuer, kind, id, number) VALUES (?, ?, ?, ?)')
  const steps: number[] = []
  const onProgress = ({ done }: { readonly done: number }) => {
    if (steps.length > 200) throw new Error('It began again and again')
    commit.run(ISSUER, 'subject', `at-${steps.length}`, 1)
    steps.push(done)
  }
  await backUpFile({ from, to, replace: false, onProgress })
  expect(steps.length).toBeGreaterThan(3)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
  expect(findDamage(to, { thorough: true })).toEqual([])
  expect(lookAtFile(to, 0).tables).toMatchObject({ clients: 1, events: 30_000, last_marks: 0 })
  expect(lookAtFile(from, 0).tables).toMatchObject({ last_marks: steps.length })
  expect(readdirSync(`${folder}/copies`)).toEqual(['moment.db'])
  other.close()
  await stores.close()
}, 30_000)

test('backUpFile() refuses the folder in which the store lies when its path is a link to it', async () => {
  const [real, link] = [`${folder}/volume/store.db`, `${folder}/linked/store.db`]
  mkdirSync(`${folder}/linked`)
  symlinkSync(real, link)
  const stores = await openSqliteStores({ path: real })
  onTestFinished(() => stores.close())
  for (const to of [real, `${folder}/volume/copy.db`]) {
    const copying = backUpFile({ from: link, to, replace: true })
    await expect(copying).rejects.toMatchObject({ code: 'store/copy-place' })
  }
  await stores.clients.add(ISSUER, sampleClient('after'), [])
  expect(lookAtFile(real, 0).tables).toMatchObject({ clients: 1 })
})
