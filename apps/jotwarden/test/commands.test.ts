import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Ended, jotwarden, temporaryFolder } from './jotwarden-process.ts'

const folder = temporaryFolder()
const PASSWORD = 'canary-password-one'
const NEXT_PASSWORD = 'canary-password-two'

beforeAll(async () => {
  const { code } = await run(['init', '--issuer', 'http://127.0.0.1:8420'])
  expect(code).toBe(0)
  const file = join(folder, 'jotwarden.toml')
  const resource =
    '\n[[resources]]\nidentifier = "https://api.example.com"\nname = "Orders"\nscopes = { "orders:read" = "See your orders" }\n'
  writeFileSync(file, readFileSync(file, 'utf8') + resource)
})

describe('jotwarden init', () => {
  test('writes a key file of mode 0600 and a configuration that config check finds nothing wrong with', async () => {
    for (const issuer of ['https://auth.example.com', 'http://localhost:9000', 'https://example.com/auth']) {
      const place = temporaryFolder()
      const made = await jotwarden(['init', '--issuer', issuer, '--json'], { folder: place })
      expect(made.code).toBe(0)
      const { file, kek_file: kekFile } = JSON.parse(made.stdout)
      expect(statSync(kekFile).mode & 0o777).toBe(0o600)
      expect(readFileSync(kekFile, 'utf8').trim()).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(made.stdout).not.toContain(readFileSync(kekFile, 'utf8').trim())
      const check = await jotwarden(['config', 'check', '--config', file, '--json'], { folder: place })
      expect(JSON.parse(check.stdout).findings).toEqual([])
      expect(check.code).toBe(0)
    }
  })

  test('takes --listen with --trusted-proxy, and a key file elsewhere', async () => {
    const place = temporaryFolder()
    mkdirSync(join(place, 'secrets'))
    const words = [
      'init',
      '--issuer',
      'https://a.example',
      '--listen',
      '0.0.0.0:80',
      '--trusted-proxy',
      '10.0.0.0/8',
    ]
    const made = await jotwarden([...words, '--kek-file', 'secrets/k'], { folder: place })
    expect(made.code).toBe(0)
    const check = await jotwarden(['config', 'check', '--json'], { folder: place })
    expect(shownValue(check, 'server.listen')).toBe('0.0.0.0:80')
    expect(shownValue(check, 'keys.kek_file')).toBe(join(place, 'secrets/k'))
  })

  test('overwrites neither file', async () => {
    const before = contents()
    const again = await run(['init', '--issuer', 'http://127.0.0.1:1'])
    const elsewhere = await run(['init', '--issuer', 'http://127.0.0.1:1', '--config', 'other.toml'])
    expect([again.code, elsewhere.code]).toEqual([1, 1])
    expect(elsewhere.stderr).toContain('jotwarden.kek')
    expect(contents()).toEqual(before)
  })

  test('without a terminal needs --issuer, and a valid one', async () => {
    const place = { folder: temporaryFolder() }
    expect((await jotwarden(['init'], place)).code).toBe(2)
    expect((await jotwarden(['init', '--issuer', 'http://auth.example.com'], place)).code).toBe(2)
  })

  function contents() {
    return ['jotwarden.toml', 'jotwarden.kek'].map((name) => readFileSync(join(folder, name), 'utf8'))
  }
})

describe('jotwarden config check', () => {
  test('prints values with their sources as an aligned table, and ends with 0', async () => {
    const { code, stdout } = await run(['config', 'check'], { environment: { JOTWARDEN_LOG_LEVEL: 'warn' } })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^issuer +http:\/\/127\.0\.0\.1:8420 +file$/m)
    expect(stdout).toMatch(/^log\.level +warn +JOTWARDEN_LOG_LEVEL$/m)
    expect(stdout).toMatch(/^tokens\.code_lifetime +60 +default$/m)
    expect(stdout).not.toContain('\u001b')
  })

  test('ends with 1 on findings and gives them with --json', async () => {
    const check = await run(['config', 'check', '--json'], {
      environment: { JOTWARDEN_SERVER_LISTEN: 'nowhere' },
    })
    expect(check.code).toBe(1)
    expect(JSON.parse(check.stdout)).toMatchObject({
      ok: false,
      findings: [{ key: 'server.listen', source: { from: 'environment', name: 'JOTWARDEN_SERVER_LISTEN' } }],
    })
  })

  test('finds a key file that others can read', async () => {
    const place = temporaryFolder()
    writeFileSync(join(place, 'k'), 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI', { mode: 0o644 })
    writeFileSync(join(place, 'jotwarden.toml'), 'issuer = "http://127.0.0.1:1"\n[keys]\nkek_file = "k"')
    const check = await jotwarden(['config', 'check'], { folder: place })
    expect(check.code).toBe(1)
    expect(check.stdout).toContain('chmod 600')
  })

  test('redacts the key-encryption key of the environment', async () => {
    const key = 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ'
    const place = {
      folder: temporaryFolder(),
      environment: { JOTWARDEN_KEK: key, JOTWARDEN_ISSUER: 'http://127.0.0.1:1' },
    }
    const { code, stdout, stderr } = await jotwarden(['config', 'check'], place)
    expect(code).toBe(0)
    expect(stdout).toMatch(/key-encryption key +\[secret\] +JOTWARDEN_KEK/)
    expect(stdout + stderr).not.toContain(key)
  })
})

describe('jotwarden users', () => {
  test('add, list, password, disable, enable, remove; each with its exit code and --json', async () => {
    const add = await run(
      ['users', 'add', 'ann', '--name', 'Ann', '--email', 'ann@example.com', '--password-stdin', '--json'],
      {
        stdin: `${PASSWORD}\n`,
      },
    )
    expect(add.code).toBe(0)
    expect(JSON.parse(add.stdout)).toEqual({ subject: expect.stringMatching(/^usr_/), username: 'ann' })
    expect(await users()).toEqual([
      {
        subject: expect.any(String),
        username: 'ann',
        name: 'Ann',
        email: 'ann@example.com',
        disabled: false,
      },
    ])

    expect((await run(['users', 'disable', 'ann', '--json'])).code).toBe(0)
    expect(await users()).toMatchObject([{ disabled: true }])
    expect((await run(['users', 'enable', 'ann'])).code).toBe(0)
    expect(await users()).toMatchObject([{ disabled: false }])
    const changed = await run(['users', 'password', 'ann', '--password-stdin'], { stdin: NEXT_PASSWORD })
    expect(changed.code).toBe(0)
    expect((await run(['users', 'list'])).stdout).toMatch(/^USERNAME +NAME/m)

    expect((await run(['users', 'remove', 'ann'])).code).toBe(2)
    expect((await run(['users', 'remove', 'ann', '--yes', '--json'])).code).toBe(0)
    expect(await users()).toEqual([])
  })

  test('add refuses a name that is taken, and every act an unknown one, with 1', async () => {
    const add = ['users', 'add', 'bob', '--password-stdin']
    expect((await run(add, { stdin: PASSWORD })).code).toBe(0)
    const twice = await run([...add, '--json'], { stdin: PASSWORD })
    expect(twice.code).toBe(1)
    expect(JSON.parse(twice.stderr)).toMatchObject({ error: { code: 'authority/account-exists' } })
    for (const act of ['disable', 'enable', 'remove']) {
      expect((await run(['users', act, 'nobody', ...(act === 'remove' ? ['--yes'] : [])])).code).toBe(1)
    }
  })

  for (const act of ['add', 'password']) {
    for (const flag of [['--password', PASSWORD], [`--password=${PASSWORD}`]]) {
      test(`${act} refuses ${flag[0]?.split('=')[0]} (${flag.length}) with 2 and a reason, and does not repeat it`, async () => {
        const { code, stdout, stderr } = await run(['users', act, 'eve', ...flag])
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toContain('--password-stdin')
        expect(stderr).toContain('other users see arguments')
        expect(stderr).not.toContain(PASSWORD)
      })
    }
  }

  test('does not repeat the value of an option that is mistyped', async () => {
    for (const word of [`--passwort=${PASSWORD}`, `-p${PASSWORD}`, `--secret=${PASSWORD}`]) {
      const { code, stdout, stderr } = await run(['users', 'add', 'eve', word])
      expect(code).toBe(2)
      expect(stdout + stderr).not.toContain(PASSWORD)
    }
  })

  const badInput = [
    ['nothing', ''],
    ['two lines', 'one-long-password\ntwo-long-password\n'],
    ['too short a password', 'short'],
    ['too long a password', 'x'.repeat(5000)],
  ] as const
  for (const [name, stdin] of badInput) {
    test(`add refuses ${name} on standard input with 1`, async () => {
      expect((await run(['users', 'add', 'eve', '--password-stdin'], { stdin })).code).toBe(1)
    })
  }

  test('add without a terminal and without --password-stdin ends with 2', async () => {
    const { code, stderr } = await run(['users', 'add', 'eve'])
    expect(code).toBe(2)
    expect(stderr).toContain('--password-stdin')
  })

  async function users(): Promise<unknown> {
    return JSON.parse((await run(['users', 'list', '--json'])).stdout)
  }
})

describe('jotwarden clients', () => {
  test('add shows the secret of a confidential client once, and list never', async () => {
    const words = [
      'clients',
      'add',
      'Orders web',
      '--id',
      'web',
      '--type',
      'confidential',
      '--scope',
      'openid',
      'orders:read',
    ]
    const add = await run([...words, '--redirect-uri', 'https://orders.example.com/callback', '--json'])
    expect(add.code).toBe(0)
    const client = JSON.parse(add.stdout)
    expect(client).toMatchObject({
      client_id: 'web',
      client_secret: expect.stringMatching(/^jwc_[A-Za-z0-9_-]{43}$/),
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid orders:read',
    })
    for (const list of [await run(['clients', 'list']), await run(['clients', 'list', '--json'])]) {
      expect(list.code).toBe(0)
      expect(list.stdout).toContain('Orders web')
      expect(list.stdout).not.toContain(client.client_secret)
    }
  })

  test('add in words says that the secret is shown once', async () => {
    const { stdout } = await run([
      'clients',
      'add',
      'Night run',
      '--type',
      'confidential',
      '--scope',
      'orders:read',
    ])
    expect(stdout).toMatch(/client_secret +jwc_/)
    expect(stdout).toContain('shown this once')
  })

  test('add gives a public client no secret', async () => {
    const words = [
      'clients',
      'add',
      'Tool',
      '--native',
      '--redirect-uri',
      'http://127.0.0.1/callback',
      '--json',
    ]
    const { code, stdout } = await run(words)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).not.toHaveProperty('client_secret')
  })

  test('add refuses --secret with 2 and does not repeat it', async () => {
    const { code, stdout, stderr } = await run(['clients', 'add', 'X', '--secret', PASSWORD])
    expect(code).toBe(2)
    expect(stdout + stderr).not.toContain(PASSWORD)
  })

  test('add refuses what the authority refuses, with 1 and its code', async () => {
    const { code, stderr } = await run([
      'clients',
      'add',
      'X',
      '--redirect-uri',
      'http://evil.example/cb',
      '--json',
    ])
    expect(code).toBe(1)
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'authority/client-invalid' } })
  })

  test('remove asks, removes, and refuses an unknown client', async () => {
    await run(['clients', 'add', 'Gone', '--id', 'gone', '--redirect-uri', 'https://a.example/cb'])
    expect((await run(['clients', 'remove', 'gone'])).code).toBe(2)
    expect((await run(['clients', 'remove', 'gone', '--yes'])).code).toBe(0)
    expect((await run(['clients', 'remove', 'gone', '--yes'])).code).toBe(1)
  })

  test('--dev without a development state refuses with 1 and says what to start', async () => {
    const { code, stderr } = await run(['clients', 'list', '--dev'])
    expect(code).toBe(1)
    expect(stderr).toContain('serve --dev')
  })
})

test('a command with a wrong configuration ends with 1 and names every finding', async () => {
  const environment = { JOTWARDEN_SERVER_LISTEN: 'nowhere', JOTWARDEN_LOG_LEVEL: 'loud' }
  const { code, stderr } = await run(['users', 'list'], { environment })
  expect(code).toBe(1)
  expect(stderr).toContain('server.listen')
  expect(stderr).toContain('log.level')
})

function run(
  words: readonly string[],
  options: { readonly stdin?: string; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  return jotwarden(words, { folder, ...options })
}

function shownValue(check: Ended, key: string): unknown {
  const { values } = JSON.parse(check.stdout)
  return values.find((one: { readonly key: string }) => one.key === key)?.value
}
