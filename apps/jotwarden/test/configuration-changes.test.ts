import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Configuration, loadConfiguration } from 'jotwarden'
import { beforeAll, describe, expect, test } from 'vitest'
import { compareConfigurations } from '../src/config/changes.ts'
import { temporaryFolder } from './jotwarden-process.ts'

const KEK = 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ'
let folder: string
let before: Configuration

beforeAll(() => {
  folder = temporaryFolder()
  mkdirSync(join(folder, 'other'))
  writeFileSync(join(folder, 'jotwarden.toml'), 'issuer = "https://auth.example.com"\n')
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

function configured(changes: Readonly<Record<string, string>>): Configuration {
  const environment = {
    JOTWARDEN_KEK: KEK,
    JOTWARDEN_SERVER_TLS_CERT: 'cert.pem',
    JOTWARDEN_SERVER_TLS_KEY: 'key.pem',
    JOTWARDEN_KEYS_OWNER: 'ann@example.com',
    JOTWARDEN_KEYS_ROTATION_PERIOD: '30d',
    ...changes,
  }
  const { configuration, findings } = loadConfiguration({ file: undefined, folder, environment })
  if (configuration === undefined) throw new Error(JSON.stringify(findings))
  return configuration
}
