import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Configuration, loadConfiguration } from 'jotwarden'
import { beforeAll, describe, expect, test } from 'vitest'
import { compareConfigurations } from '../src/config/changes.ts'
import { settings } from '../src/config/schema.ts'
import { temporaryFolder } from './jotwarden-process.ts'

const KEK = 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ'
const CONFIGURATION = `issuer = "https://auth.example.com"
[keys]
owner = "ann@example.com"
rotation_period = "30d"
`
let folder: string
let before: Configuration

beforeAll(() => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'jotwarden.toml'), CONFIGURATION)
  for (const file of ['cert.pem', 'key.pem']) {
    writeFileSync(join(folder, file), '')
    copyFileSync(join(folder, file), join(folder, 'other', file))
  }
  before = configured({})
})

describe('compareConfigurations()', () => {
  const fixed: readonly (readonly [string, string])[] = [
    ['JOTWARDEN_ISSUER', 'https://other.example.com'],
    ['JOTWARDEN_SERVER_LISTEN', '127.0.0.1:9999'],
    ['JOTWARDEN_STORE_PATH', 'elsewhere/jotwarden.db'],
    ['JOTWARDEN_KEYS_EPOCH_FILE', 'other.epoch'],
    ['JOTWARDEN_LOG_FORMAT', 'text'],
  ]
  for (const [variable, value] of fixed) {
    test(`says that ${variable} takes a restart`, () => {
      const changes = compareConfigurations(before, configured({ [variable]: value }))
      expect(changes.live).toEqual([])
      expect(changes.fixed).toHaveLength(1)
    })
  }

  const live: readonly (readonly [string, string, string])[] = [
    ['JOTWARDEN_SERVER_TLS_CERT', 'other/cert.pem', 'server.tls_cert'],
    ['JOTWARDEN_SERVER_TRUSTED_PROXIES', '192.0.2.1', 'server.trusted_proxies'],
    ['JOTWARDEN_KEYS_ROTATION_PERIOD', '7d', 'keys.rotation_period'],
    ['JOTWARDEN_SESSIONS_LIFETIME', '2d', 'sessions.lifetime'],
    ['JOTWARDEN_LOG_LEVEL', 'debug', 'log.level'],
  ]
  for (const [variable, value, key] of live) {
    test(`says that ${variable} can change while the server runs`, () => {
      const changes = compareConfigurations(before, configured({ [variable]: value }))
      expect(changes).toEqual({ live: [key], fixed: [] })
    })
  }

  test('says of every key what docs/operating.md says, and of each one something', () => {
    const text = readFileSync(new URL('../../../docs/operating.md', import.meta.url), 'utf8')
    const [, table = ''] = /\n\| \| takes effect \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(text) ?? []
    const rows = table.split('\n').map((row) => row.split('|'))
    const named = (effect: RegExp) =>
      rows
        .filter(([, , when = '']) => effect.test(when))
        .flatMap(([, keys = '']) => keys.match(/[a-z_]+(?:\.[a-z_*]+)?(?=`)/g) ?? [])
    const covers = (names: readonly string[], key: string) =>
      names.some((name) => name === key || (name.endsWith('*') && key.startsWith(name.slice(0, -1))))
    const live = named(/^ (?:at once|for the keys)/)
    const fixed = named(/^ at a restart: /)
    for (const { key, path } of settings()) {
      const changes = compareConfigurations(before, withOther(before, path))
      expect([key, changes.live, changes.fixed]).toEqual(
        covers(fixed, key) ? [key, [], [key]] : [key, [key], []],
      )
      expect([key, covers(live, key)]).toEqual([key, changes.live.length > 0])
    }
  })

  test('says that ending TLS here, or no more, takes a restart', () => {
    const behind = configured({
      JOTWARDEN_SERVER_TLS_CERT: '',
      JOTWARDEN_SERVER_TLS_KEY: '',
      JOTWARDEN_SERVER_TRUSTED_PROXIES: '192.0.2.1',
    })
    for (const changes of [compareConfigurations(before, behind), compareConfigurations(behind, before)])
      expect(changes.fixed).toEqual(['server.tls_cert', 'server.tls_key'])
  })

  test('finds nothing between a configuration and itself', () => {
    expect(compareConfigurations(before, configured({}))).toEqual({ live: [], fixed: [] })
  })
})

/** The same with another value at one place, whatever that would mean. */
function withOther(of: Configuration, [section, name]: readonly [string, string?]): Configuration {
  const held = Object.entries(of).find(([key]) => key === section)?.[1]
  return { ...of, [section]: name === undefined ? 'another' : { ...Object(held), [name]: 'another' } }
}

function configured(changes: Readonly<Record<string, string>>): Configuration {
  const environment = {
    JOTWARDEN_KEK: KEK,
    JOTWARDEN_KEYS_OWNER: 'ann',
    JOTWARDEN_KEYS_ROTATION_PERIOD: '30d',
    JOTWARDEN_SERVER_TLS_CERT: 'cert.pem',
    JOTWARDEN_SERVER_TLS_KEY: 'key.pem',
    ...changes,
  }
  const { configuration, findings } = loadConfiguration({ file: undefined, folder, environment })
  if (configuration === undefined) throw new Error(JSON.stringify(findings))
  return configuration
}
