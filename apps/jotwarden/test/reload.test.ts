import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Deployment, deployed, RESOURCE } from './deployment.ts'
import { grantedTokens, newCode, refreshStatus } from './granted-tokens.ts'
import { bin, freePort, jotwarden, type Running, temporaryFolder } from './jotwarden-process.ts'
import { begunSignIn, signedInCookie } from './signed-in-cookie.ts'

// Real processes: the configuration of a server that answers is changed under it.

let deployment: Deployment
let server: Running
let original: string

beforeAll(async () => {
  deployment = await deployed()
  original = readFileSync(join(deployment.folder, 'jotwarden.toml'), 'utf8')
  server = await deployment.start()
})
afterAll(async () => {
  await server?.stop()
})

test('a scope that was added can be used at once, and what changed is on record by its keys', async () => {
  configure((text) => text.replace('\nscopes = {', '\nscopes = { "orders:write" = "Change them",'))
  expect(await server.reload()).toEqual({ reloaded: true, changed: ['resources'] })
  const metadata = await (await fetch(`${deployment.issuer}/.well-known/openid-configuration`)).json()
  expect(metadata.scopes_supported).toContain('orders:write')
  const added = await run([
    ...['clients', 'add', 'Writer', '--id', 'writer', '--type', 'confidential'],
    ...['--grant', 'client_credentials', '--scope', 'orders:write', '--json'],
  ])
  const { client_secret: secret } = JSON.parse(added.stdout)
  expect(await serviceToken({ id: 'writer', secret })).toMatchObject({ scope: 'orders:write' })

  configure((text) => text)
  expect(await server.reload()).toEqual({ reloaded: true, changed: ['resources'] })
  expect(await server.reload()).toEqual({ reloaded: true, changed: [] })
  expect(await changesOnRecord()).toEqual(['resources', 'resources'])
})

test('a configuration with a mistake is refused with all findings, and the one before stays in force', async () => {
  configure((text) => `${withLifetime(text, '5m')}\n[serve]\nx = 1\n`.replace('kek_file = ', 'kek_fil = '))
  const { reloaded, findings } = await server.reload()
  expect(reloaded).toBe(false)
  expect(findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: 'serve' }),
      expect.objectContaining({ key: 'keys.kek_fil' }),
    ]),
  )
  expect(await serviceToken(deployment.service)).toMatchObject({ expires_in: 600 })
})

test('a file that cannot be shown refuses the change, as `config check` does', async () => {
  configure((text) => text.replace('[pages]', '[pages]\nlogo = "gone.svg"'))
  expect(await server.reload()).toMatchObject({
    reloaded: false,
    findings: [{ key: 'pages.logo', problem: expect.stringContaining('gone.svg, which cannot be read') }],
  })
})

test('keys that take a restart refuse the whole change, by name', async () => {
  configure((text) =>
    withLifetime(text, '5m').replace('path = "data/jotwarden.db"', 'path = "data/other.db"'),
  )
  const { reloaded, findings } = await server.reload()
  expect(reloaded).toBe(false)
  expect(findings).toEqual([
    expect.objectContaining({
      key: 'store.path',
      problem: 'cannot change while the server runs',
      source: { from: 'file', name: join(deployment.folder, 'jotwarden.toml') },
    }),
  ])
  expect(await serviceToken(deployment.service)).toMatchObject({ expires_in: 600 })
  expect(existsSync(join(deployment.folder, 'data', 'other.db'))).toBe(false)
  configure((text) => text)
  expect(await changesOnRecord()).toHaveLength(2)
})

test('what was counted goes on: a name that must wait does so after a reload too', async () => {
  const guess = async () => {
    const enter = await begunSignIn({ ...deployment, account: { username: 'bob', password: 'no' } })
    return enter().catch(String)
  }
  await vi.waitFor(async () => expect(await guess()).toContain('429'), { timeout: 20_000, interval: 1 })
  configure((text) => withLifetime(text, '7m'))
  expect(await server.reload()).toEqual({ reloaded: true, changed: ['tokens.access_token_lifetime'] })
  expect(await guess()).toContain('429')
})

test('24 reloads under load: nothing fails, no answer mixes two configurations, and the feed stays open', async () => {
  configure((text) => withLifetime(text, '9m'))
  expect(await server.reload()).toMatchObject({ reloaded: true })
  const cookie = await signedInCookie(deployment)
  const feed = await openFeed()
  let isOver = false
  const seen = new Map<string, number>()
  const failures: unknown[] = []
  const repeated = async (act: () => Promise<void>) => {
    while (!isOver) await act().catch((error) => void failures.push(error))
  }
  const loads = [
    repeated(async () => {
      const { expires_in: lifetime, access_token: token } = await serviceToken(deployment.service)
      const is = `${JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).aud} ${lifetime}`
      seen.set(is, (seen.get(is) ?? 0) + 1)
    }),
    repeated(async () => {
      if ((await newCode(deployment, cookie)) === null) throw new Error('the cookie is worth no code')
    }),
    repeated(async () => {
      const granted = await grantedTokens(deployment, cookie)
      if ((await refreshStatus(deployment, granted)) !== 200) throw new Error('not refreshed')
    }),
    repeated(async () => {
      const answer = await fetch(`${deployment.issuer}/jwks.json`)
      if ((await answer.json()).keys.length === 0) throw new Error('no keys')
    }),
  ]
  for (let round = 0; round < 12; round += 1) {
    configure((text) =>
      withLifetime(text, '5m').replace(
        `\nidentifier = "${RESOURCE}"`,
        '\nidentifier = "https://orders.example.com"',
      ),
    )
    expect(await server.reload()).toMatchObject({ reloaded: true })
    configure((text) => withLifetime(text, '9m'))
    expect(await server.reload()).toMatchObject({ reloaded: true })
  }
  isOver = true
  await Promise.all(loads)
  expect(failures).toEqual([])
  expect([...seen.keys()].toSorted()).toEqual([`${RESOURCE} 540`, 'https://orders.example.com 300'])
  await run(['users', 'disable', deployment.account.username])
  await vi.waitFor(() => expect(feed.text()).toContain('"subject"'), 5000)
  expect(feed.text()).not.toContain('"end"')
  feed.close()
}, 60_000)

test('SIGHUP while a server stops is harmless: the request under way is answered, and it ends with 0', async () => {
  const upload = request(`${deployment.issuer}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', expect: '100-continue' },
  })
  const answered = once(upload, 'response')
  upload.flushHeaders()
  await once(upload, 'continue')
  const ended = server.stop()
  await refused(deployment.issuer)
  for (let signals = 0; signals < 3; signals += 1) process.kill(server.pid, 'SIGHUP')
  upload.end('grant_type=client_credentials&client_id=nobody')
  const [answer] = await answered
  expect(answer.statusCode).toBe(401)
  answer.resume()
  const { code, stdout } = await ended
  expect(code).toBe(0)
  expect(stdout.trim().split('\n').at(-1)).toContain('"reloaded"')
})

test('SIGHUP while a server starts is kept until it answers', async () => {
  const folder = temporaryFolder()
  const host = `127.0.0.1:${await freePort()}`
  await jotwarden(['init', '--issuer', `http://${host}`, '--listen', host], { folder })
  const child = spawn(process.execPath, ['--conditions=jotwarden-source', bin, 'serve', '--json'], {
    cwd: folder,
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  try {
    await beforeListening(child, folder)
    let text = ''
    for await (const chunk of child.stdout ?? []) {
      text += chunk
      if (text.split('\n').length > 2) break
    }
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([expect.objectContaining({ ready: true }), { reloaded: true, changed: [] }])
  } finally {
    child.kill('SIGTERM')
  }
  expect((await ended)[0]).toBe(0)
})

/** Sends the signal once the store is open, which is long before anything is answered. */
async function beforeListening(child: ChildProcess, folder: string): Promise<void> {
  await vi.waitFor(() => expect(existsSync(join(folder, 'data', 'jotwarden.db-wal'))).toBe(true), {
    timeout: 10_000,
    interval: 1,
  })
  child.kill('SIGHUP')
}

function configure(change: (text: string) => string): void {
  writeFileSync(join(deployment.folder, 'jotwarden.toml'), change(original))
}

function withLifetime(text: string, lifetime: string): string {
  return text.replace('# access_token_lifetime = "10m"', `access_token_lifetime = "${lifetime}"`)
}

async function serviceToken({ id, secret }: { readonly id: string; readonly secret: string }) {
  const answer = await fetch(`${deployment.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
  })
  if (answer.status !== 200) throw new Error(`answered with ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

async function openFeed(): Promise<{ text(): string; close(): void }> {
  const { id, secret } = deployment.api
  const aborting = new AbortController()
  const answer = await fetch(`${deployment.issuer}/revocations`, {
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    signal: aborting.signal,
  })
  let text = ''
  const reading = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk, { stream: true })
  }
  reading().catch(() => undefined)
  return { text: () => text, close: () => aborting.abort() }
}

async function changesOnRecord(): Promise<readonly string[]> {
  const { stdout } = await run(['events', 'list', '--type', 'configuration-changed', '--json'])
  return JSON.parse(stdout).map(({ cause }: { readonly cause: string }) => cause)
}

function run(words: readonly string[]) {
  return jotwarden(words, { folder: deployment.folder })
}

async function refused(url: string): Promise<void> {
  const isOpen = () => fetch(url, { headers: { connection: 'close' } }).then(Boolean, () => false)
  while (await isOpen());
}
