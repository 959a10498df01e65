import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialisedFolder } from './initialised-folder.ts'
import { type Ended, jotwarden, type RunOptions, temporaryFolder } from './jotwarden-process.ts'

let folder: string

beforeAll(async () => {
  folder = await initialisedFolder()
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

  test('listens where an http issuer says that it is', async () => {
    for (const [issuer, listen] of [
      ['http://127.0.0.1:9470', '127.0.0.1:9470'],
      ['http://[::1]:9471', '[::1]:9471'],
      ['https://auth.example.com:9472', '127.0.0.1:8420'],
    ] as const) {
      const place = temporaryFolder()
      expect((await jotwarden(['init', '--issuer', issuer], { folder: place })).code).toBe(0)
      const check = await jotwarden(['config', 'check', '--json'], { folder: place })
      expect([check.code, shownValue(check, 'server.listen')]).toEqual([0, listen])
    }
  })

  test('ends with commands that name the configuration, and work', async () => {
    const place = { folder: temporaryFolder(), stdin: 'a-long-enough-password' }
    mkdirSync(join(place.folder, "ann's"))
    const words = ['init', '--issuer', 'https://auth.example.com', '--config', "ann's/jotwarden.toml"]
    const { stdout } = await jotwarden(words, place)
    const hints = stdout.split('\n').filter((line) => line.startsWith('  npx jotwarden '))
    expect(hints).toHaveLength(5)
    expect(stdout).toContain('[[resources]]')
    for (const hint of hints.filter((line) => !line.includes(' serve'))) {
      const [, ...given] = shellWords(hint.replace('npx ', '').trim())
      const extra = given.includes('users') ? ['--password-stdin'] : []
      expect(await jotwarden([...given, ...extra], place)).toMatchObject({ code: 0, stderr: '' })
    }
  })

  test('writes the key plan, with the owner that was named or else the user who runs it', async () => {
    for (const [words, owner] of [
      [['--owner', 'ann@example.com'], 'ann@example.com'],
      [[], userInfo().username],
    ] as const) {
      const place = temporaryFolder()
      const made = await jotwarden(['init', '--issuer', 'https://a.example', ...words], { folder: place })
      expect(made.code).toBe(0)
      const check = await jotwarden(['config', 'check', '--json'], { folder: place })
      expect(shownValue(check, 'keys.owner')).toBe(owner)
      expect(shownValue(check, 'keys.rotation_period')).toBe(2_592_000)
      expect(JSON.parse(check.stdout).ok).toBe(true)
    }
  })

  test('refuses an owner that is no line with 2, and writes nothing', async () => {
    const place = temporaryFolder()
    const words = ['init', '--issuer', 'https://a.example', '--owner', 'ann\nbob']
    expect((await jotwarden(words, { folder: place })).code).toBe(2)
    expect(readdirSync(place)).toEqual([])
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
    writeFileSync(
      join(place, 'jotwarden.toml'),
      'issuer = "http://127.0.0.1:8420"\n[keys]\nkek_file = "k"\nowner = "ann"\nrotation_period = "30d"',
    )
    const check = await jotwarden(['config', 'check'], { folder: place })
    expect(check.code).toBe(1)
    expect(check.stdout).toContain('chmod 600')
  })

  test('redacts the key-encryption key of the environment', async () => {
    const key = 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ'
    const place = {
      folder: temporaryFolder(),
      environment: {
        JOTWARDEN_KEK: key,
        JOTWARDEN_ISSUER: 'http://127.0.0.1:8420',
        JOTWARDEN_KEYS_OWNER: 'ann',
        JOTWARDEN_KEYS_ROTATION_PERIOD: '30d',
      },
    }
    const { code, stdout, stderr } = await jotwarden(['config', 'check'], place)
    expect(code).toBe(0)
    expect(stdout).toMatch(/key-encryption key +\[secret\] +JOTWARDEN_KEK/)
    expect(stdout + stderr).not.toContain(key)
  })
})

function run(words: readonly string[], options: Omit<RunOptions, 'folder'> = {}): Promise<Ended> {
  return jotwarden(words, { folder, ...options })
}

function shownValue(check: Ended, key: string): unknown {
  const { values } = JSON.parse(check.stdout)
  return values.find((one: { readonly key: string }) => one.key === key)?.value
}

function shellWords(line: string): readonly string[] {
  return execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n')
}
