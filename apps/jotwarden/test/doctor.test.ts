import { appendFileSync, chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { clockDiagnoses } from '../src/doctor/clock.ts'
import { type Diagnosis, worstFirst } from '../src/doctor/diagnosis.ts'
import { exposureDiagnoses } from '../src/doctor/exposure.ts'
import { type StoreFacts, storeDiagnoses } from '../src/doctor/store-state.ts'
import { type Ended, jotwarden, serving, temporaryFolder } from './jotwarden-process.ts'

const ISSUER = 'https://auth.example.com'
const API = 'https://api.example.com'

describe('jotwarden doctor', () => {
  test('finds nothing in a deployment as it should be, beside a running server and without, and ends with 0', async () => {
    const folder = await healthy()
    expect(await found(folder)).toEqual({ code: 0, ok: true, findings: [] })
    const server = await serving([], { folder, environment: { JOTWARDEN_SERVER_LISTEN: '127.0.0.1:0' } })
    try {
      expect(await found(folder)).toEqual({ code: 0, ok: true, findings: [] })
    } finally {
      await server.stop()
    }
    expect((await run(folder, [])).stdout).toBe('Nothing is wrong.\n')
  })

  test('writes one line a finding, the worst first, with what to do', async () => {
    const folder = await healthy()
    chmodSync(join(folder, 'jotwarden.toml'), 0o666)
    chmodSync(join(folder, 'data'), 0o755)
    const { code, stdout, stderr } = await run(folder, [])
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(
        /^error {4}the configuration .*jotwarden\.toml: others can change it\. Run chmod go-w /,
      ),
      expect.stringMatching(
        /^warning {2}the folder of the store .*data: others can look into it.* Run chmod 700 /,
      ),
      '',
    ])
  })

  test('ends with 2 on misuse, and with 1 and every finding of config check when the configuration is refused', async () => {
    const folder = await healthy()
    expect((await run(folder, ['--nonsense'])).code).toBe(2)
    expect((await run(folder, ['--dev', '--config', 'x'])).code).toBe(2)
    appendFileSync(join(folder, 'jotwarden.toml'), '\n[nonsense]\nx = 1\n')
    expect(await found(folder)).toMatchObject({
      code: 1,
      findings: [
        { severity: 'error', problem: expect.stringContaining('is not a key that jotwarden knows') },
      ],
    })
  })

  test('has notes alone where nothing was started yet, makes nothing, and ends with 0', async () => {
    const folder = await initialised()
    const { code, findings } = await found(folder)
    expect([code, findings.map(({ severity, subject }) => `${severity} ${subject}`)]).toEqual([
      0,
      ['note store'],
    ])
    expect(() => readFileSync(join(folder, 'data'))).toThrow('ENOENT')
  })

  const spoiled: readonly (readonly [string, string, (folder: string) => void])[] = [
    [
      'an http issuer',
      'warning issuer',
      (folder) =>
        edit(folder, (text) =>
          text.replace(ISSUER, 'http://127.0.0.1:8420').replace(/^trusted_proxies.*$/m, ''),
        ),
    ],
    [
      'a proxy list that trusts everybody',
      'warning server.trusted_proxies',
      (folder) => edit(folder, (text) => text.replace('10.0.0.0/8', '0.0.0.0/0')),
    ],
    [
      'a key file that others can read',
      'error keys.kek_file (',
      (folder) => chmodSync(join(folder, 'jotwarden.kek'), 0o644),
    ],
    [
      'a key file beside the data',
      'error keys.kek_file (',
      (folder) => {
        copyFileSync(join(folder, 'jotwarden.kek'), join(folder, 'data', 'jotwarden.kek'))
        edit(folder, (text) => text.replace('jotwarden.kek', 'data/jotwarden.kek'))
      },
    ],
    [
      'a TLS key that every user can read',
      'error server.tls_key',
      (folder) => {
        for (const name of ['cert.pem', 'key.pem']) writeFileSync(join(folder, name), '', { mode: 0o644 })
        edit(folder, (text) =>
          text.replace('[server]', '[server]\ntls_cert = "cert.pem"\ntls_key = "key.pem"'),
        )
      },
    ],
    [
      'events that go before a network is forgotten, while notices are sent',
      'warning events.retention',
      (folder) => {
        writeFileSync(join(folder, 'notices.secret'), `whsec_${'A'.repeat(43)}=`, { mode: 0o600 })
        edit(folder, (text) =>
          text
            .replace(
              '[notices]',
              '[notices]\nurl = "https://mailer.example.com/"\nsecret_file = "notices.secret"',
            )
            .replace('[events]', '[events]\nretention = "89d"'),
        )
      },
    ],
    ['a store that others can read', 'error store', (folder) => chmodSync(storeOf(folder), 0o644)],
    [
      'an epoch file that others can change',
      'warning keys.epoch_file',
      (folder) => chmodSync(join(folder, 'jotwarden.epoch'), 0o666),
    ],
    [
      'an epoch file that cannot be written',
      'error keys.epoch_file',
      (folder) =>
        edit(folder, (text) => text.replace('[keys]', '[keys]\nepoch_file = "nowhere/jotwarden.epoch"')),
    ],
    [
      'an epoch file that is damaged',
      'error keys.epoch_file',
      (folder) => writeFileSync(join(folder, 'jotwarden.epoch'), '{"x"'),
    ],
    [
      'an epoch file that is gone',
      'warning keys.epoch_file',
      (folder) => rmSync(join(folder, 'jotwarden.epoch')),
    ],
    [
      'an epoch file that is ahead of the store',
      'error keys.epoch_file',
      (folder) =>
        writeFileSync(
          join(folder, 'jotwarden.epoch'),
          JSON.stringify({ [ISSUER]: { number: 9, pulse: 99 } }),
        ),
    ],
    [
      'another key-encryption key',
      'error keys: sealing',
      (folder) => writeFileSync(join(folder, 'jotwarden.kek'), 'B'.repeat(42).concat('A')),
    ],
    [
      'a spare that cannot be opened',
      'warning keys: refresh-mac',
      (folder) =>
        alter(
          folder,
          "UPDATE keys SET wrapped = (SELECT wrapped FROM keys WHERE purpose = 'sealing' LIMIT 1) WHERE state = 'pending' AND purpose = 'refresh-mac'",
        ),
    ],
    [
      'a purpose without a spare',
      'warning keys: token-signing',
      (folder) => alter(folder, "DELETE FROM keys WHERE state = 'pending' AND purpose = 'token-signing'"),
    ],
    [
      'a purpose without an active key',
      'error keys: token-signing',
      (folder) =>
        alter(
          folder,
          "UPDATE keys SET state = 'suspended' WHERE state = 'active' AND purpose = 'token-signing'",
        ),
    ],
    [
      'a key that should have been replaced',
      'warning keys: token-signing',
      (folder) => alter(folder, AGED.replace('DAYS', '40')),
    ],
    [
      'a key that may no longer be used',
      'error keys: token-signing',
      (folder) => alter(folder, AGED.replace('DAYS', '400')),
    ],
    [
      'a key that has been used as often as it should',
      'warning keys: sealing',
      (folder) =>
        alter(folder, "UPDATE keys SET uses = 2147483648 WHERE state = 'active' AND purpose = 'sealing'"),
    ],
    [
      'somebody who left and knows the key-encryption key',
      'warning holders: ann',
      (folder) => alter(folder, LEFT.replace('DIGEST', 'NULL')),
    ],
    [
      'somebody who left and knows nothing that works any more',
      'note holders: ann',
      (folder) => alter(folder, LEFT.replace('DIGEST', "'another'")),
    ],
    [
      'nobody who is known to hold the key-encryption key',
      'note holders',
      (folder) => alter(folder, 'DELETE FROM holdings'),
    ],
    [
      'something on record that is yet to come',
      'error clock',
      (folder) => alter(folder, 'UPDATE events SET at = at + 7200 WHERE number = 1'),
    ],
    ['a store that is damaged', 'error store', (folder) => damage(folder)],
    ['rows that expired long ago', 'warning store', (folder) => alter(folder, EXPIRED)],
    [
      'a resource whose API cannot follow revocations',
      'warning resources',
      (folder) => alter(folder, 'UPDATE clients SET resource = NULL'),
    ],
    ['a schema of before', 'note store', (folder) => alter(folder, 'PRAGMA user_version = 1')],
  ]
  test.each(spoiled)('finds %s', async (_, expected, spoil) => {
    const folder = await healthy()
    spoil(folder)
    const { code, findings } = await found(folder)
    const said = findings.map(({ severity, subject }) => `${severity} ${subject}`)
    expect(said).toEqual(expect.arrayContaining([expect.stringContaining(expected)]))
    expect(code).toBe(expected.startsWith('note') ? 0 : 1)
    for (const { remedy, problem } of findings) expect([problem, remedy]).not.toContain('')
  })

  test('shows no secret', async () => {
    const folder = await healthy()
    const kek = readFileSync(join(folder, 'jotwarden.kek'), 'utf8').trim()
    chmodSync(join(folder, 'jotwarden.kek'), 0o644)
    for (const options of [[], ['--json']]) expect((await run(folder, options)).stdout).not.toContain(kek)
  })

  test('--help shows examples', async () => {
    expect((await run('.', ['--help'])).stdout).toContain('Examples:\n  jotwarden doctor')
  })
})

describe('storeDiagnoses()', () => {
  const MIB = 1024 * 1024
  const contents = {
    schemaVersion: 2,
    isOldSchema: false,
    size: 10 * MIB,
    freeSize: 0,
    logSize: 0,
    tables: {},
    issuers: [],
  }
  const facts: StoreFacts = { contents, issuer: ISSUER, damage: [], diskFree: 1024 * MIB }

  test('finds nothing in a store as it should be', () => {
    expect(storeDiagnoses(facts)).toEqual([])
  })

  test.each<readonly [string, Partial<StoreFacts>, string]>([
    ['a full disk', { diskFree: 99 * MIB }, 'error'],
    [
      'a disk with no room for a backup of a large store',
      { contents: { ...contents, size: 600 * MIB } },
      'warning',
    ],
    ['a log that is not taken up', { contents: { ...contents, logSize: 257 * MIB } }, 'warning'],
    [
      'a store that is half empty',
      { contents: { ...contents, size: 200 * MIB, freeSize: 120 * MIB } },
      'note',
    ],
    ['damage', { damage: ['row 1 missing'] }, 'error'],
  ])('finds %s', (_, own, severity) => {
    expect(storeDiagnoses({ ...facts, ...own })).toMatchObject([{ severity, subject: 'store' }])
  })
})

test('clockDiagnoses() finds a clock that differs from the file system’s, and one that was set back', () => {
  const now = 1_800_000_000
  expect(clockDiagnoses({ now, fileSystem: now - 4, recorded: now + 4 })).toEqual([])
  expect(clockDiagnoses({ now, fileSystem: undefined, recorded: undefined })).toEqual([])
  const problem = expect.stringContaining('is 30 s behind')
  expect(clockDiagnoses({ now, fileSystem: now + 30, recorded: now })).toMatchObject([
    { severity: 'warning', problem },
  ])
  expect(clockDiagnoses({ now, fileSystem: now - 30, recorded: now })).toMatchObject([
    { problem: expect.stringContaining('is 30 s ahead of') },
  ])
  expect(clockDiagnoses({ now, fileSystem: now, recorded: now + 30 })).toMatchObject([{ severity: 'error' }])
})

test('worstFirst() keeps the order of those that are equally bad', () => {
  const one = (severity: Diagnosis['severity'], subject: string) => ({
    severity,
    subject,
    problem: '',
    remedy: '',
  })
  const mixed = [
    one('note', 'a'),
    one('error', 'b'),
    one('warning', 'c'),
    one('error', 'd'),
    one('note', 'e'),
  ]
  expect(worstFirst(mixed).map(({ subject }) => subject)).toEqual(['b', 'd', 'c', 'a', 'e'])
})

test('exposureDiagnoses() notes a server without TLS that its proxy reaches over the network', () => {
  const server = { listen: { host: '0.0.0.0', port: 80 }, trusted_proxies: ['10.0.0.0/8'] }
  expect(exposureDiagnoses({ issuer: ISSUER, server, metrics: {} } as never)).toMatchObject([
    { severity: 'note', subject: 'server.listen' },
  ])
})

test('exposureDiagnoses() notes metrics that other machines reach', () => {
  const server = { listen: { host: '127.0.0.1', port: 80 }, trusted_proxies: ['10.0.0.0/8'] }
  const at = (host: string) =>
    exposureDiagnoses({ issuer: ISSUER, server, metrics: { listen: { host, port: 9464 } } } as never)
  expect(at('10.0.0.5')).toMatchObject([{ severity: 'note', subject: 'metrics.listen' }])
  expect(at('127.0.0.1')).toEqual([])
})

/** A deployment behind a proxy, with keys, and an API that may follow revocations. */
async function healthy(): Promise<string> {
  const folder = await initialised()
  const add = ['clients', 'add', 'Orders', '--id', 'api', '--resource', API]
  expect(await jotwarden(add, { folder })).toMatchObject({ code: 0 })
  const hold = ['keys', 'holders', 'add', 'ann', '--holds', 'kek']
  expect(await jotwarden(hold, { folder })).toMatchObject({ code: 0 })
  const environment = { JOTWARDEN_SERVER_LISTEN: '127.0.0.1:0' }
  await (await serving([], { folder, environment })).stop()
  return folder
}

async function initialised(): Promise<string> {
  const folder = temporaryFolder()
  const words = ['init', '--issuer', ISSUER, '--listen', '127.0.0.1:8420', '--trusted-proxy', '10.0.0.0/8']
  expect(await jotwarden(words, { folder })).toMatchObject({ code: 0 })
  const resource = `\n[[resources]]\nidentifier = "${API}"\nname = "Orders"\nscopes = { "orders:read" = "See your orders" }\n`
  appendFileSync(join(folder, 'jotwarden.toml'), resource)
  return folder
}

async function found(folder: string) {
  const { code, stdout, stderr } = await run(folder, ['--json'])
  expect(stderr).toBe('')
  const { ok, findings }: { readonly ok: boolean; readonly findings: readonly Diagnosis[] } =
    JSON.parse(stdout)
  return { code, ok, findings }
}

function edit(folder: string, change: (text: string) => string): void {
  const file = join(folder, 'jotwarden.toml')
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  expect(after).not.toBe(before)
  writeFileSync(file, after)
}

function alter(folder: string, sql: string): void {
  const database = new DatabaseSync(storeOf(folder))
  database.exec(sql)
  database.close()
}

function damage(folder: string): void {
  const bytes = readFileSync(storeOf(folder))
  writeFileSync(storeOf(folder), bytes.fill(0xa5, 5 * 4096, 6 * 4096))
}

function storeOf(folder: string): string {
  return join(folder, 'data', 'jotwarden.db')
}

function run(folder: string, options: readonly string[]): Promise<Ended> {
  return jotwarden(['doctor', ...options], { folder })
}

const LEFT = 'UPDATE holdings SET offboarded_at = since, left_with = DIGEST'
const AGED =
  "UPDATE keys SET activated_at = activated_at - DAYS * 86400 WHERE state = 'active' AND purpose = 'token-signing'"
const EXPIRED = `WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1001)
  INSERT INTO logins (issuer, id, subject, cookie_hash, auth_time, amr, expires_at)
  SELECT '${ISSUER}', 'l' || n, 's', 'c' || n, 0, '[]', unixepoch() - 700 FROM counted`
