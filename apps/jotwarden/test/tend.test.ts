import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createFileKeyStore, kekFromText } from '@jotwarden/keystore-file'
import { openSqliteStores, type SqliteStores } from '@jotwarden/store-sqlite'
import { Secret } from '@jotwarden/token'
import { createLog, loadConfiguration } from 'jotwarden'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tend } from '../src/serve/tend.ts'
import { type OpenedAuthority, openAuthority } from '../src/state/open-authority.ts'
import { temporaryFolder } from './jotwarden-process.ts'

const ISSUER = 'http://127.0.0.1:8420'
const environment = {
  JOTWARDEN_KEK: 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ',
  JOTWARDEN_KEYS_OWNER: 'ann',
  JOTWARDEN_KEYS_ROTATION_PERIOD: '30d',
}
let opened: OpenedAuthority
/** The same file, as another process has it. */
let elsewhere: SqliteStores

beforeEach(async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'jotwarden.toml'), `issuer = "${ISSUER}"\n`)
  const { configuration } = loadConfiguration({ folder, file: undefined, environment })
  if (configuration === undefined) throw new Error('Cannot test: the configuration is refused')
  opened = await openAuthority(configuration, environment)
  elsewhere = await openSqliteStores({ path: configuration.store.path })
})
afterEach(async () => {
  await elsewhere.close()
  await opened.close()
})

test('tend() notices a key that was compromised after the keyring opened and before tending began', async () => {
  const { keyring } = opened.authority
  const { kid } = keyring.signer()
  const step = { kid, version: 1, to: 'compromised', at: 1_800_000_000 } as const
  expect(await elsewhere.keys.transition(ISSUER, [step], [])).toBe('done')
  const tended = tend(opened, createLog({ level: 'silent', format: 'json', stream: new Writable() }))
  try {
    await vi.waitFor(() => expect(keyring.jwks().keys.map((key) => key.kid)).not.toContain(kid), 10_000)
  } finally {
    await tended.stop()
  }
})

test('tend() logs a key that cannot be opened, once, with a code that can be read', async () => {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  const foreign = createFileKeyStore({ kek: kekFromText(Secret.fromText('B'.repeat(42).concat('A'))) })
  const generated = await foreign.generate({ issuer: ISSUER, purpose: 'token-signing', alg: 'ES256' })
  const spare = (await elsewhere.keys.list(ISSUER)).find(({ state }) => state === 'pending')
  if (spare === undefined) throw new Error('Cannot test: there is no spare')
  const record = { ...spare, purpose: 'token-signing', alg: 'ES256', ...generated } as const
  expect(await elsewhere.keys.add(ISSUER, [record], [])).toBe('added')
  const tended = tend(opened, createLog({ level: 'info', format: 'json', stream }))
  try {
    await vi.waitFor(() => expect(lines).toHaveLength(1), 10_000)
    const { generation } = opened.authority.keyring
    const step = { kid: spare.kid, version: 1, to: 'retired', at: 1_800_000_000 } as const
    expect(await elsewhere.keys.transition(ISSUER, [step], [])).toBe('done')
    await vi.waitFor(() => expect(opened.authority.keyring.generation).toBeGreaterThan(generation), 10_000)
  } finally {
    await tended.stop()
  }
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 'error',
    code: 'keyring/unreadable',
    reason: expect.stringContaining(generated.kid),
    msg: 'a key is left out',
  })
})
