import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { freePort, jotwarden, serving, temporaryFolder } from './jotwarden-process.ts'

// What earlier versions of the software left behind, written down when they were the newest
const folderOfDumps = fileURLToPath(new URL('earlier-versions/', import.meta.url))
const dumps = readdirSync(folderOfDumps)

for (const dump of dumps) {
  test(`store migrate: ${dump} is copied, taken to the newest version, and everybody in it goes on`, async () => {
    const place = await placeOf(dump)
    const version = Number(/\d+/.exec(dump)?.[0])
    expect(await run(place, ['--check', '--json'])).toMatchObject({ code: 1, from: version })
    const copy = join(place.folder, 'copies', 'before.db')
    const migrated = await run(place, ['--backup', copy, '--json'])
    expect(migrated).toMatchObject({ code: 0, from: version, backup: copy })
    expect(migrated.to).toBeGreaterThan(version)
    expect(versionOf(copy)).toBe(version)
    expect(versionOf(place.store)).toBe(migrated.to)
    expect(await run(place, ['--check', '--json'])).toMatchObject({ code: 0, from: migrated.to })
    await expectEverybody(place)
  })

  test(`serve takes ${dump} to the newest version by itself`, async () => {
    const place = await placeOf(dump)
    await expectEverybody(place)
    expect(await run(place, ['--check', '--json'])).toMatchObject({ code: 0 })
  })
}

test('store migrate without a word about the copy is misuse, and changes nothing', async () => {
  const place = await placeOf(dumps[0] ?? '')
  const before = versionOf(place.store)
  const { code, stderr } = await jotwarden(['store', 'migrate'], place)
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--no-backup') })
  expect(versionOf(place.store)).toBe(before)
})

test('store migrate without a place for the copy changes nothing', async () => {
  const place = await placeOf(dumps[0] ?? '')
  const before = versionOf(place.store)
  const { code } = await jotwarden(
    ['store', 'migrate', '--backup', join(place.folder, 'nowhere/x.db')],
    place,
  )
  expect(code).toBe(1)
  expect(versionOf(place.store)).toBe(before)
})

interface Place {
  readonly folder: string
  readonly store: string
  /** Of the client `service`. */
  readonly secret: string
  readonly environment: Readonly<Record<string, string>>
}

async function placeOf(dump: string): Promise<Place> {
  const folder = temporaryFolder()
  for (const name of ['data', 'copies']) mkdirSync(join(folder, name), { mode: 0o700 })
  const store = join(folder, 'data/jotwarden.db')
  writeFileSync(store, '', { mode: 0o600 })
  const sql = readFileSync(join(folderOfDumps, dump), 'utf8')
  const database = new DatabaseSync(store)
  database.exec(sql)
  database.close()
  const kek = /key-encryption key (\S+)/.exec(sql)?.[1] ?? ''
  const secret = /service: (\S+)/.exec(sql)?.[1] ?? ''
  writeFileSync(join(folder, 'jotwarden.kek'), kek, { mode: 0o600 })
  writeFileSync(join(folder, 'jotwarden.toml'), CONFIGURATION)
  const environment = { JOTWARDEN_SERVER_LISTEN: `127.0.0.1:${await freePort()}` }
  return { folder, store, secret, environment }
}

async function run(place: Place, words: readonly string[]) {
  const { code, stdout, stderr } = await jotwarden(['store', 'migrate', ...words], place)
  expect(stderr).toBe('')
  return { code, ...JSON.parse(stdout) }
}

/** The service has its secret, and the keys open; the person is still there. */
async function expectEverybody(place: Place): Promise<void> {
  const server = await serving<{ url: string }>([], place)
  onTestFinished(async () => void (await server.stop()))
  const service = { client_id: 'service', client_secret: place.secret }
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read', ...service })
  const headers = { 'x-forwarded-proto': 'https' }
  const answer = await fetch(`${server.ready.url}/token`, { method: 'POST', body, headers })
  expect(answer.status).toBe(200)
  const { stdout } = await jotwarden(['users', 'list', '--json'], place)
  expect(JSON.parse(stdout)).toMatchObject([{ username: 'ada', name: 'Ada Example' }])
}

function versionOf(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true })
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version)
  database.close()
  return version
}

const CONFIGURATION = `issuer = "https://auth.example.com"
[server]
trusted_proxies = ["127.0.0.1"]
[keys]
kek_file = "jotwarden.kek"
owner = "ann"
rotation_period = "30d"
[[resources]]
identifier = "https://api.example.com"
name = "Orders"
scopes = { "orders:read" = "See your orders" }
`
