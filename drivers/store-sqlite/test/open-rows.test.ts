import { DatabaseSync } from 'node:sqlite'
import { NOTHING } from '@jotwarden/authority'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { expect, test, vi } from 'vitest'
import { ISSUER } from './samples.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

test('what is asked and ended of one person, login or client reads their rows alone, in order', async () => {
  const path = `${folder}/plans.db`
  const prepared = vi.spyOn(DatabaseSync.prototype, 'prepare')
  const stores = await openSqliteStores({ path })
  const page = { before: null, limit: 25 }
  await stores.logins.ofSubject(ISSUER, 'usr_a', page, 0)
  await stores.sessions.ofSubject(ISSUER, 'usr_a', page, 0)
  await stores.sessions.list(ISSUER, { subject: 'usr_a' }, 0)
  await stores.sessions.list(ISSUER, { client: 'app' }, 0)
  await stores.consents.list(ISSUER, 'usr_a', { after: '', limit: 25 })
  await stores.logins.endOf(ISSUER, 'usr_a', { except: ['one'] }, 'person', 0, () => NOTHING)
  await stores.consents.withdraw(ISSUER, { subject: 'usr_a', client: 'app' }, 'person', 0, () => NOTHING)
  for (const selector of [{ subject: 'usr_a' }, { client: 'app' }, { login: 'one' }])
    await stores.sessions.end(ISSUER, selector, 'person', 0, () => NOTHING)
  const statements = [...new Set(prepared.mock.calls.map(([sql]) => sql))]
  prepared.mockRestore()
  await stores.close()

  const database = new DatabaseSync(path, { readOnly: true })
  const asked = statements.filter((sql) => /(?:FROM|UPDATE) (?:logins|sessions|consents)\b/.test(sql))
  const plans = asked.flatMap((sql) =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail)),
  )
  database.close()
  expect(asked.length).toBeGreaterThan(9)
  const searches = plans.filter((plan) => /^(?:SEARCH|SCAN) (?:logins|sessions|consents)/.test(plan))
  expect(searches.length).toBeGreaterThan(9)
  for (const plan of searches)
    expect(plan).toMatch(
      /^SEARCH .*\(issuer=\? AND (?:subject|client|login|id)=\?|^SEARCH consents USING PRIMARY KEY/,
    )
  // The plain lists are sorted by when they began; pages come in the order of their index
  expect(plans.filter((plan) => plan.includes('TEMP B-TREE')).length).toBe(2)
})
