import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineSettings } from '@jotwarden/authority'
import { type LoadedConfiguration, loadConfiguration, settingsOf } from 'jotwarden'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './jotwarden-process.ts'

const KEK = 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI'
const issuer = 'issuer = "http://127.0.0.1:8420"\n'
const kek = { JOTWARDEN_KEK: KEK }

/** What the row sets, then the key, the problem and the remedy that must be named. */
const refused = [
  ['no issuer', '', kek, 'issuer', 'is missing', 'jotwarden init|Set issuer'],
  [
    'an http issuer elsewhere',
    'issuer = "http://auth.example.com"',
    kek,
    'issuer',
    'not an https URL',
    'https://',
  ],
  ['an issuer with a slash', 'issuer = "https://auth.example.com/"', kek, 'issuer', 'canonical', 'https://'],
  [
    'an issuer with a query',
    'issuer = "https://auth.example.com?a"',
    kek,
    'issuer',
    'has a query',
    'https://',
  ],
  ['an issuer that is a number', 'issuer = 7', kek, 'issuer', 'not a text', 'https://'],
  ['an unknown key', `isuer = "x"\n${issuer}`, kek, 'isuer', 'not a key', 'Did you mean issuer\\?'],
  [
    'a key in a wrong place',
    `listen = "x"\n${issuer}`,
    kek,
    'listen',
    'not a key',
    'Did you mean server.listen\\?',
  ],
  ['a mistyped key', `${issuer}[server]\nlistn = "x"`, kek, 'server.listn', 'not a key', 'server.listen\\?'],
  ['a value for a section', `server = 1\n${issuer}`, kek, 'server', 'is a section', '\\[server\\]'],
  ['no port', `${issuer}[server]\nlisten = "8420"`, kek, 'server.listen', 'not HOST:PORT', '127.0.0.1:8420'],
  [
    'a port too high',
    `${issuer}[server]\nlisten = "127.0.0.1:65536"`,
    kek,
    'server.listen',
    'not HOST:PORT',
    '',
  ],
  [
    'every interface without TLS',
    `${issuer}[server]\nlisten = "0.0.0.0:8420"`,
    kek,
    'server.listen',
    'without TLS',
    'trusted_proxies',
  ],
  [
    'a host name without TLS',
    `${issuer}[server]\nlisten = "auth.internal:8420"`,
    kek,
    'server.listen',
    'without TLS',
    'tls_cert',
  ],
  [
    'https without an end of TLS',
    'issuer = "https://auth.example.com"',
    kek,
    'issuer',
    'where TLS ends',
    'trusted_proxies',
  ],
  [
    'a certificate without a key',
    `${issuer}[server]\ntls_cert = "jotwarden.toml"`,
    kek,
    'server.tls_key',
    'is missing',
    'tls_key',
  ],
  [
    'a certificate that is not there',
    `${issuer}[server]\ntls_cert = "no.pem"`,
    kek,
    'server.tls_cert',
    'does not exist',
    'PEM',
  ],
  [
    'a proxy that is a name',
    `${issuer}[server]\ntrusted_proxies = ["proxy"]`,
    kek,
    'server.trusted_proxies',
    'neither an IP',
    '10.0.0.0/8',
  ],
  [
    'a network too narrow',
    `${issuer}[server]\ntrusted_proxies = ["10.0.0.0/33"]`,
    kek,
    'server.trusted_proxies',
    'neither an IP',
    '',
  ],
  ['no key-encryption key', issuer, {}, 'keys', 'key-encryption key', 'jotwarden init'],
  ['two key-encryption keys', `${issuer}[keys]\nkek_file = "k"`, kek, 'keys', 'more than one', 'Keep one'],
  [
    'a key file that is not there',
    `${issuer}[keys]\nkek_file = "no.kek"`,
    {},
    'keys.kek_file',
    'does not exist',
    'init',
  ],
  [
    'a key file beside the data',
    `${issuer}[keys]\nkek_file = "data/k"`,
    {},
    'keys.kek_file',
    'beside the data',
    'elsewhere',
  ],
  [
    'a key variable that is not set',
    `${issuer}[keys]\nkek_env = "NOT_SET"`,
    {},
    'keys.kek_env',
    'not set',
    'NOT_SET',
  ],
  ['a key in the file', `${issuer}[keys]\nkek = "${KEK}"`, {}, 'keys.kek', 'secret inside', 'kek_file'],
  [
    'an unknown algorithm',
    `${issuer}[keys]\nsigning_alg = "HS256"`,
    kek,
    'keys.signing_alg',
    'none of ES256',
    'ES256',
  ],
  [
    'a token that lives too long',
    `${issuer}[tokens]\naccess_token_lifetime = "2h"`,
    kek,
    'tokens.access_token_lifetime',
    '7200 s',
    '3600',
  ],
  [
    'a duration in words',
    `${issuer}[tokens]\ncode_lifetime = "soon"`,
    kek,
    'tokens.code_lifetime',
    'not a duration',
    '10m',
  ],
  [
    'a negative duration',
    `${issuer}[sessions]\ngrace_window = -1`,
    kek,
    'sessions.grace_window',
    'not a duration',
    '',
  ],
  [
    'an idle time beyond the whole',
    `${issuer}[sessions]\nidle_lifetime = "8d"`,
    kek,
    'sessions.idle_lifetime',
    'longer than',
    'shorter',
  ],
  [
    'a resource without scopes',
    `${issuer}[[resources]]\nidentifier = "https://a.example"\nname = "A"\nscopes = {}`,
    kek,
    'resources',
    'entry 1 has no scopes',
    'scopes =',
  ],
  [
    'a relative resource',
    `${issuer}[[resources]]\nidentifier = "api"\nname = "A"\nscopes = { a = "b" }`,
    kek,
    'resources',
    'absolute URI',
    '',
  ],
  [
    'a scope of our own',
    `${issuer}[[resources]]\nidentifier = "https://a.example"\nname = "A"\nscopes = { openid = "b" }`,
    kek,
    'resources',
    'openid',
    '',
  ],
  [
    'a resource declared twice',
    `${issuer}${'[[resources]]\nidentifier = "https://a.example"\nname = "A"\nscopes = { a = "b" }\n'.repeat(2)}`,
    kek,
    'resources',
    'twice',
    '',
  ],
  ['a log format', `${issuer}[log]\nformat = "xml"`, kek, 'log.format', 'neither json nor text', 'json'],
  ['what is not TOML', `${issuer}[server`, kek, 'line 2', 'not TOML', 'toml.io'],
  [
    'a mistyped variable',
    issuer,
    { ...kek, JOTWARDEN_LOG_LEVL: 'info' },
    'JOTWARDEN_LOG_LEVL',
    'not a variable',
    'JOTWARDEN_LOG_LEVEL\\?',
  ],
  [
    'a variable that is no boolean',
    issuer,
    { ...kek, JOTWARDEN_SESSIONS_END_SHADOWED: 'yes' },
    'sessions.end_shadowed',
    'neither true nor false',
    '',
  ],
] as const

describe('loadConfiguration() refuses, naming key, problem and remedy:', () => {
  for (const [name, toml, environment, key, problem, remedy] of refused) {
    test(name, () => {
      const loaded = load(toml, environment)
      const finding = loaded.findings.find((one) => one.key === key)
      expect(loaded.configuration).toBeUndefined()
      expect(finding?.problem).toContain(problem)
      expect(finding?.remedy).toMatch(new RegExp(remedy))
    })
  }
})

test('loadConfiguration() reports everything at once', () => {
  const loaded = load('isuer = 1\n[server]\nlisten = "x"\n[tokens]\ncode_lifetime = "y"', {})
  expect(loaded.findings.map((finding) => finding.key)).toEqual([
    'isuer',
    'issuer',
    'server.listen',
    'tokens.code_lifetime',
    'keys',
  ])
})

test('loadConfiguration() names the file or the variable that a refused value came from', () => {
  const loaded = load(`${issuer}[log]\nlevel = "loud"\nformat = "xml"`, {
    ...kek,
    JOTWARDEN_LOG_LEVEL: 'louder',
  })
  const sources = Object.fromEntries(loaded.findings.map((finding) => [finding.key, finding.source]))
  expect(sources['log.level']).toEqual({ from: 'environment', name: 'JOTWARDEN_LOG_LEVEL' })
  expect(sources['log.format']).toEqual({ from: 'file', name: loaded.file })
})

test('loadConfiguration() lets the environment win over the file, in every form', () => {
  const loaded = load(`${issuer}[server]\nlisten = "127.0.0.1:1"\n[log]\nlevel = "warn"`, {
    ...kek,
    JOTWARDEN_SERVER_LISTEN: '[::1]:2',
    JOTWARDEN_SERVER_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    JOTWARDEN_SESSIONS_END_SHADOWED: 'true',
    JOTWARDEN_SESSIONS_SHADOW_LIMIT: '5',
    JOTWARDEN_TOKENS_CODE_LIFETIME: '30',
    JOTWARDEN_SESSIONS_LOGIN_LIFETIME: '1h',
  })
  expect(loaded.findings).toEqual([])
  expect(loaded.configuration).toMatchObject({
    server: { listen: { host: '::1', port: 2 }, trusted_proxies: ['10.0.0.0/8', '::1'] },
    sessions: { end_shadowed: true, shadow_limit: 5, login_lifetime: 3600 },
    tokens: { code_lifetime: 30 },
    log: { level: 'warn' },
  })
})

test('loadConfiguration() needs no file when the environment says everything', () => {
  const place = {
    file: undefined,
    folder: temporaryFolder(),
    environment: { ...kek, JOTWARDEN_ISSUER: 'http://localhost:1' },
  }
  const loaded = loadConfiguration(place)
  expect(loaded.file).toBeNull()
  expect(loaded.configuration?.issuer).toBe('http://localhost:1')
})

test('loadConfiguration() lets variables pass that Kubernetes sets for a service of that name', () => {
  const loaded = load(issuer, {
    ...kek,
    JOTWARDEN_SERVICE_HOST: '10.0.0.1',
    JOTWARDEN_PORT: 'tcp://10.0.0.1:80',
  })
  expect(loaded.findings).toEqual([])
})

test('loadConfiguration() takes paths relative to the file', () => {
  const loaded = load(`${issuer}[store]\npath = "state/x.db"`, kek)
  expect(loaded.configuration?.store.path).toBe(join(loaded.folder, 'state/x.db'))
})

test('loadConfiguration() never repeats the text of the file or of a secret', () => {
  const findings = JSON.stringify([
    load(`${issuer}[keys]\nkek = "${KEK}"\npassword = "canary-1"\n`, {}).findings,
    load(`client_secret = "canary-2\n${issuer}`, kek).findings,
    load(`${issuer}[log]\nlevel = "canary-3"`, kek).findings,
  ])
  expect(findings).not.toContain(KEK)
  expect(findings).not.toContain('canary')
})

test('loadConfiguration() throws for a named file that is not there', () => {
  const place = { file: 'none.toml', folder: temporaryFolder(), environment: {} }
  expect(() => loadConfiguration(place)).toThrow(/does not exist/)
})

test('settingsOf() gives the defaults of the authority itself', () => {
  const { configuration } = load(issuer, kek)
  expect(configuration).toBeDefined()
  if (configuration === undefined) return
  expect(settingsOf(configuration)).toEqual(defineSettings({ issuer: 'http://127.0.0.1:8420' }))
})

function load(toml: string, environment: Readonly<Record<string, string>>): LoadedConfiguration {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'jotwarden.toml'), toml)
  return loadConfiguration({ file: undefined, folder, environment })
}
