import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createFileKeyStore, kekFromText } from '@jotwarden/keystore-file'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { Secret } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import { deployed } from './deployment.ts'
import { accessStatus, grantedTokens, refreshStatus } from './granted-tokens.ts'
import { initialisedFolder } from './initialised-folder.ts'
import { type Ended, jotwarden } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

describe('jotwarden keys holders', () => {
  test('keeps who holds what, two for each secret, and tells of each change', async () => {
    const folder = await initialisedFolder()
    expect((await run(folder, 'keys holders list')).stdout).toMatch(/^Nobody is on record/)
    expect((await run(folder, 'keys holders add ann --holds kek')).code).toBe(0)
    expect((await run(folder, 'keys holders add safe --system --holds kek')).code).toBe(0)
    const third = await run(folder, 'keys holders add bob --holds kek')
    expect([third.code, third.stderr]).toEqual([1, expect.stringContaining('has 2 holders')])
    expect((await run(folder, 'keys holders add bob --holds kek --because shifts')).code).toBe(0)
    expect((await run(folder, 'keys holders remove bob --holds kek --yes')).code).toBe(0)
    const listed = JSON.parse((await run(folder, 'keys holders list --json')).stdout)
    const fresh = { because: null, offboarded_at: null, settled_at: null, since: expect.any(Number) }
    expect(listed).toEqual([
      { holder: 'ann', kind: 'person', holds: 'kek', ...fresh },
      { holder: 'safe', kind: 'system', holds: 'kek', ...fresh },
    ])
    expect((await run(folder, 'keys holders list')).stdout).toMatch(
      /^ann +person +kek +[0-9-]+ [0-9:]+Z +– /m,
    )
    const events = JSON.parse(
      (await run(folder, 'events list --type holder-added holder-removed --json')).stdout,
    )
    expect(events.map((event: Record<string, unknown>) => [event.type, event.holder, event.cause])).toEqual([
      ['holder-added', 'ann', 'kek'],
      ['holder-added', 'safe', 'kek'],
      ['holder-added', 'bob', 'kek'],
      ['holder-removed', 'bob', 'kek'],
    ])
  })

  test('ends with 2 without --holds, and with 1 for what nobody can hold', async () => {
    const folder = await initialisedFolder()
    expect((await run(folder, 'keys holders add ann')).code).toBe(2)
    for (const holds of ['password', 'client:nobody'])
      expect((await run(folder, `keys holders add ann --holds ${holds}`)).code).toBe(1)
  })
})

describe('jotwarden keys offboard', () => {
  test('replaces the keys of then and their spares, keeps what remains on record, and closes when it is done', async () => {
    const deployment = await deployed()
    const { folder } = deployment
    const server = await deployment.start()
    try {
      await run(folder, 'keys holders add ann --holds kek')
      const before = await grantedTokens(deployment, await signedInCookie(deployment))
      const copied = await inUse(folder)
      const first = await run(folder, 'keys offboard ann --yes')
      expect(first.code).toBe(1)
      expect(first.stdout).toMatch(
        /To be done:\n {2}1\. Keys that they may have copied .* not before [0-9-]+ [0-9:]+Z/,
      )
      expect(first.stdout).toContain('jotwarden keys rewrap')
      const waiting = await inUse(folder)
      expect(waiting.filter(({ kid, state }) => state === 'pending' && has(copied, kid))).toEqual([])

      aged(folder)
      const second = JSON.parse((await run(folder, 'keys offboard ann --json')).stdout)
      expect(second.replaced.map(({ outcome }: { outcome: string }) => outcome)).toEqual(
        Array(3).fill('rotated'),
      )
      expect(second).toMatchObject({ done: false, remaining: [{ step: 'replace-kek' }] })
      expect((await inUse(folder)).filter(({ kid }) => has(copied, kid))).toEqual([])
      expect(await accessStatus(deployment, before)).toBe(200)
      expect(await refreshStatus(deployment, before)).toBe(200)
      const doctor = await run(folder, 'doctor')
      expect(doctor.stdout).toMatch(/^warning +holders: ann left .* what they knew still works: kek\./m)
    } finally {
      await server.stop()
    }
    await wrappedUnderAnotherKek(folder, deployment.issuer)
    const last = await run(folder, 'keys offboard ann --json')
    expect({ code: last.code, ...JSON.parse(last.stdout) }).toMatchObject({
      code: 0,
      done: true,
      remaining: [],
    })
    const [ann] = JSON.parse((await run(folder, 'keys holders list --json')).stdout)
    expect(ann).toMatchObject({ offboarded_at: expect.any(Number), settled_at: expect.any(Number) })
    expect((await run(folder, 'keys offboard ann')).code).toBe(0)
    expect((await run(folder, 'keys holders remove ann --holds kek --yes')).code).toBe(1)
  }, 90_000)

  test('--compromised refuses at once what the keys of then protected, and no spare of then takes their place', async () => {
    const deployment = await deployed()
    const { folder } = deployment
    const server = await deployment.start()
    try {
      await run(folder, 'keys holders add ann --holds kek-backup')
      const before = await grantedTokens(deployment, await signedInCookie(deployment))
      const copied = await inUse(folder)
      const { code, stdout } = await run(folder, 'keys offboard ann --compromised --yes --json')
      expect(code).toBe(1)
      const { withdrawn, remaining } = JSON.parse(stdout)
      expect(withdrawn.toSorted()).toEqual(copied.map(({ kid }) => kid).toSorted())
      expect(remaining).toEqual([{ step: 'replace-kek' }])
      expect((await inUse(folder)).filter(({ kid }) => has(copied, kid))).toEqual([])
      await expect.poll(() => accessStatus(deployment, before), { timeout: 3000 }).toBe(401)
      expect(await refreshStatus(deployment, before)).toBe(400)
      const after = await grantedTokens(deployment, await signedInCookie(deployment))
      expect(await accessStatus(deployment, after)).toBe(200)
    } finally {
      await server.stop()
    }
  }, 90_000)

  test('asks first, names a client whose secret they know and the owner of the keys, and takes --done for shared keys', async () => {
    const folder = await initialisedFolder()
    const config = join(folder, 'jotwarden.toml')
    writeFileSync(config, readFileSync(config, 'utf8').replace(/owner = ".*"/, 'owner = "ann"'))
    const client =
      'clients add Web --id web --type confidential --redirect-uri https://a.example/cb --scope openid'
    expect((await run(folder, client)).code).toBe(0)
    for (const holds of ['client:web', 'shared:https://b.example'])
      expect((await run(folder, `keys holders add ann --holds ${holds}`)).code).toBe(0)
    expect((await run(folder, 'keys offboard eve --yes')).code).toBe(1)
    const unasked = await run(folder, 'keys offboard ann')
    expect([unasked.code, unasked.stderr]).toEqual([2, expect.stringContaining('--yes')])
    expect(await steps(folder, '--yes')).toEqual([
      1,
      'replace-client-secret replace-shared-key name-another-owner',
    ])
    expect(await steps(folder, '--done')).toEqual([1, 'replace-client-secret name-another-owner'])
    writeFileSync(config, readFileSync(config, 'utf8').replace('owner = "ann"', 'owner = "bob"'))
    expect((await run(folder, 'clients remove web --yes')).code).toBe(0)
    expect(await steps(folder, '')).toEqual([1, 'replace-shared-key'])
    expect(await steps(folder, '--done')).toEqual([0, ''])
    expect(await steps(folder, '')).toEqual([0, ''])
  }, 90_000)

  test('--help shows examples', async () => {
    expect((await run('.', 'keys offboard --help')).stdout).toContain(
      'Examples:\n  jotwarden keys offboard ann',
    )
  })
})

interface Key {
  readonly kid: string
  readonly state: string
}

function has(keys: readonly Key[], wanted: string): boolean {
  return keys.some(({ kid }) => kid === wanted)
}

async function inUse(folder: string): Promise<readonly Key[]> {
  const keys: readonly Key[] = JSON.parse((await run(folder, 'keys list --json')).stdout)
  return keys.filter(({ state }) => state === 'active' || state === 'pending')
}

async function steps(folder: string, options: string): Promise<readonly [number | null, string]> {
  const { code, stdout } = await run(folder, `keys offboard ann --json ${options}`.trim())
  const remaining: readonly { readonly step: string }[] = JSON.parse(stdout).remaining
  return [code, remaining.map(({ step }) => step).join(' ')]
}

/** As if the keys had been announced an hour ago. */
function aged(folder: string): void {
  const database = new DatabaseSync(join(folder, 'data/jotwarden.db'))
  database.exec('UPDATE keys SET created_at = created_at - 3600, announced_at = announced_at - 3600')
  database.close()
}

async function wrappedUnderAnotherKek(folder: string, issuer: string): Promise<void> {
  const file = join(folder, 'jotwarden.kek')
  const [old, fresh] = [readFileSync(file, 'utf8').trim(), 'B'.repeat(42).concat('A')]
  const [kek, older] = [kekFromText(Secret.fromText(fresh)), kekFromText(Secret.fromText(old))]
  const store = createFileKeyStore({ kek, olderKeks: [older] })
  const stores = await openSqliteStores({ path: join(folder, 'data/jotwarden.db') })
  for (const record of await stores.keys.list(issuer)) {
    const wrapped = store.rewrap(record)
    const { kid, version, state: to } = record
    if (wrapped !== undefined)
      await stores.keys.transition(issuer, [{ kid, version, to, at: 0, wrapped }], [])
  }
  await stores.close()
  writeFileSync(file, fresh)
}

function run(folder: string, words: string): Promise<Ended> {
  return jotwarden(words.split(' '), { folder })
}
