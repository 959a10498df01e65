import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineSettings } from '@jotwarden/authority'
import { type LoadedConfiguration, loadConfiguration, settingsOf } from 'jotwarden'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './jotwarden-process.ts'
import { refusedConfigurations } from './refused-configurations.ts'

const KEK = 'MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI'
const issuer = 'issuer = "http://127.0.0.1:8420"\n'
const kek = { JOTWARDEN_KEK: KEK, JOTWARDEN_KEYS_OWNER: 'ann', JOTWARDEN_KEYS_ROTATION_PERIOD: '30d' }

describe('loadConfiguration() refuses, naming key, problem and remedy:', () => {
  for (const [name, toml, environment, key, problem, remedy] of refusedConfigurations) {
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
    'keys.owner',
    'keys.rotation_period',
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
  const loaded = load(`issuer = "http://[::1]:2"\n[server]\nlisten = "127.0.0.1:1"\n[log]\nlevel = "warn"`, {
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

test('loadConfiguration() lets the ports of an http issuer and of the socket differ behind a proxy, or when any free one will do', () => {
  for (const listen of ['127.0.0.1:9001"\ntrusted_proxies = ["127.0.0.1"]', '127.0.0.1:0"']) {
    expect(load(`${issuer}[server]\nlisten = "${listen}`, kek).findings).toEqual([])
  }
})

test('loadConfiguration() needs no file when the environment says everything', () => {
  const place = {
    file: undefined,
    folder: temporaryFolder(),
    environment: { ...kek, JOTWARDEN_ISSUER: 'http://localhost:8420' },
  }
  const loaded = loadConfiguration(place)
  expect(loaded.file).toBeNull()
  expect(loaded.configuration?.issuer).toBe('http://localhost:8420')
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
