import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import {
  type Ended,
  freePort,
  jotwarden,
  type RunOptions,
  serving,
  temporaryFolder,
} from './jotwarden-process.ts'
import { lacksOpenssl, makeCertificate } from './openssl.ts'

const KEK = 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ'
let place: RunOptions
let issuer: string

beforeAll(async () => {
  const port = await freePort()
  const folder = temporaryFolder()
  issuer = `http://127.0.0.1:${port}`
  const toml = `issuer = "${issuer}"
[server]
listen = "127.0.0.1:${port}"
[keys]
owner = "ann@example.com"
rotation_period = "30d"
[[resources]]
identifier = "https://api.example.com"
name = "Orders"
scopes = { "orders:read" = "See your orders" }
`
  writeFileSync(join(folder, 'jotwarden.toml'), toml)
  place = { folder, environment: { JOTWARDEN_KEK: KEK } }
})

test('serve answers, ends with 0 on SIGTERM and on SIGINT, and starts again with the same keys', async () => {
  const first = await serving([], place)
  expect(first.ready).toEqual({ ready: true, issuer, url: issuer })
  const keys = await json(`${issuer}/jwks.json`)
  expect(await json(`${issuer}/.well-known/openid-configuration`)).toMatchObject({ issuer })
  expect((await first.stop('SIGTERM')).code).toBe(0)

  const second = await serving([], place)
  expect(await json(`${issuer}/jwks.json`)).toEqual(keys)
  expect((await second.stop('SIGINT')).code).toBe(0)
})

test('serve finishes the request that is under way when it is told to stop', async () => {
  const server = await serving([], place)
  const upload = request(`${issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', expect: '100-continue' },
  })
  const answered = once(upload, 'response')
  upload.flushHeaders()
  // The server has the headers once it asks for the body.
  await once(upload, 'continue')
  const ended = server.stop()
  await refused(issuer)
  upload.end('grant_type=client_credentials&client_id=nobody')
  const [answer] = await answered
  expect(answer.statusCode).toBe(401)
  answer.resume()
  expect((await ended).code).toBe(0)
})

test('serve sees clients that a command adds and removes while it runs, within a second', async () => {
  const server = await serving([], place)
  try {
    const words = [
      'clients',
      'add',
      'Night run',
      '--type',
      'confidential',
      '--scope',
      'orders:read',
      '--json',
    ]
    const client = JSON.parse((await jotwarden(words, place)).stdout)
    expect((await tokenFor(client)).status).toBe(200)
    expect((await jotwarden(['clients', 'remove', client.client_id, '--yes'], place)).code).toBe(0)
    expect((await tokenFor(client)).status).toBe(401)
  } finally {
    await server.stop()
  }
})

test('serve logs no token, secret, password, cookie or key', async () => {
  const server = await serving([], place)
  const added = await jotwarden(
    ['clients', 'add', 'C', '--type', 'confidential', '--scope', 'orders:read', '--json'],
    place,
  )
  const client = JSON.parse(added.stdout)
  const { access_token: token } = await (await tokenFor(client)).json()
  const canary = 'canary-9f2c'
  await fetch(`${issuer}/userinfo?access_token=${canary}`, { headers: { authorization: `Bearer ${token}` } })
  await fetch(`${issuer}/authorize?client_id=${client.client_id}&state=${canary}&code=${canary}`, {
    headers: { cookie: `a=${canary}` },
  })
  await fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: `jwr_${canary}`,
      client_secret: canary,
      client_id: 'x',
    }),
  })
  await fetch(`${issuer}/login`, {
    method: 'POST',
    body: new URLSearchParams({ interaction: canary, username: 'a', password: canary }),
  })
  const { stdout, stderr } = await server.stop()
  const written = stdout + stderr
  expect(written).toContain('request answered')
  for (const secret of [canary, token, client.client_secret, KEK]) expect(written).not.toContain(secret)
})

test('serve keeps no private key and no secret in the clear in its store', async () => {
  const data = ['jotwarden.db', 'jotwarden.db-wal']
    .map((name) => join(place.folder, 'data', name))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'latin1'))
    .join('')
  expect(data).toContain('jwk1.')
  expect(data).not.toMatch(/"d":"|BEGIN [A-Z ]*PRIVATE KEY|jwc_[A-Za-z0-9_-]{43}/)
  expect(data).not.toContain(KEK)
})

test('serve on a port that is taken says so, names the remedy, and ends with 1', async () => {
  const other = createServer()
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '127.0.0.1', () => resolve((other.address() as AddressInfo).port)),
  )
  const environment = {
    ...place.environment,
    JOTWARDEN_ISSUER: `http://127.0.0.1:${port}`,
    JOTWARDEN_SERVER_LISTEN: `127.0.0.1:${port}`,
  }
  const ended = await jotwarden(['serve'], { ...place, environment })
  other.close()
  expect(ended.code).toBe(1)
  expect(ended.stderr).toContain(`Cannot listen on 127.0.0.1:${port}: another process has the port`)
  expect(ended.stderr).toContain('server.listen')
})

test.skipIf(lacksOpenssl())(
  'serve ends TLS with the certificate of the configuration (needs openssl to make one)',
  async () => {
    const folder = temporaryFolder()
    const port = await freePort()
    makeCertificate(folder)
    const environment = {
      JOTWARDEN_KEK: KEK,
      JOTWARDEN_KEYS_OWNER: 'ann',
      JOTWARDEN_KEYS_ROTATION_PERIOD: '30d',
      JOTWARDEN_ISSUER: `https://127.0.0.1:${port}`,
      JOTWARDEN_SERVER_LISTEN: `127.0.0.1:${port}`,
      JOTWARDEN_SERVER_TLS_CERT: 'cert.pem',
      JOTWARDEN_SERVER_TLS_KEY: 'key.pem',
    }
    const server = await serving([], { folder, environment })
    const asked = secureRequest(`https://127.0.0.1:${port}/jwks.json`, {
      ca: readFileSync(join(folder, 'cert.pem')),
    }).end()
    const [answer] = await once(asked, 'response')
    expect(answer.statusCode).toBe(200)
    expect(answer.headers['strict-transport-security']).toBeDefined()
    answer.resume()
    expect((await server.stop()).code).toBe(0)
  },
)

const failing: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['no source of the key-encryption key', { JOTWARDEN_KEK: '' }, /jotwarden init/],
  ['a malformed key-encryption key', { JOTWARDEN_KEK: 'c2hvcnQ' }, /32/],
  [
    'another key-encryption key than the store was made with',
    { JOTWARDEN_KEK: `${'B'.repeat(42)}A` },
    /key-encryption key|wrapped/,
  ],
  ['a store that cannot be made', { JOTWARDEN_STORE_PATH: '/dev/null/x/y.db' }, /store/],
]
for (const [name, environment, says] of failing) {
  test(`serve with ${name} ends with 1 and says why`, async () => {
    const ended: Ended = await jotwarden(['serve'], {
      ...place,
      environment: { ...place.environment, ...environment },
    })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(says)
    expect(ended.stderr).not.toContain('    at ')
  })
}

test('serve, config check and doctor refuse a production without a key plan, and say what to write', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'jotwarden.toml'), `issuer = "${issuer}"\n`)
  const planless = { folder, environment: { JOTWARDEN_KEK: KEK } }
  for (const words of [['serve'], ['config', 'check'], ['doctor']]) {
    const { code, stdout, stderr } = await jotwarden(words, planless)
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(
      /keys\.rotation_period is missing[.\s]+The key plan has no default: write/,
    )
    expect(stdout + stderr).toMatch(/keys\.owner is missing[.\s]+The key plan has no default: write/)
  }
  expect(existsSync(join(folder, 'data'))).toBe(false)
})

function tokenFor(client: { readonly client_id: string; readonly client_secret: string }): Promise<Response> {
  const credentials = Buffer.from(`${client.client_id}:${client.client_secret}`).toString('base64')
  return fetch(`${issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
    headers: { authorization: `Basic ${credentials}` },
  })
}

async function json(url: string): Promise<unknown> {
  return (await fetch(url)).json()
}

/** Waits until nobody accepts connections any more. */
async function refused(url: string): Promise<void> {
  for (;;) {
    const isOpen = await fetch(url, { headers: { connection: 'close' } }).then(
      () => true,
      () => false,
    )
    if (!isOpen) return
  }
}
