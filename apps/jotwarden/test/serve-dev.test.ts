import { statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser } from './browser.ts'
import { jotwarden, type Running, serving, temporaryFolder } from './jotwarden-process.ts'

const folder = temporaryFolder()
let running: Running
let urls: { readonly issuer: string; readonly web_app: string; readonly api: string }

beforeAll(async () => {
  await startOn(['0', '0', '0'])
})
afterAll(async () => {
  await running.stop()
})

test('serve --dev makes its state in one folder: mode 0700, key file 0600', () => {
  expect(statSync(join(folder, '.jotwarden')).mode & 0o777).toBe(0o700)
  expect(statSync(join(folder, '.jotwarden/development.kek')).mode & 0o777).toBe(0o600)
})

test('serve --dev listens on loopback only', () => {
  for (const url of [urls.issuer, urls.web_app, urls.api]) expect(new URL(url).hostname).toBe('127.0.0.1')
})

test('the sample API refuses who sends nothing, and answers a client_credentials token', async () => {
  const nothing = await fetch(`${urls.api}/orders`)
  expect(nothing.status).toBe(401)
  expect(nothing.headers.get('www-authenticate')).toMatch(/^Bearer/)
  const answer = await fetch(`${urls.api}/orders`, {
    headers: { authorization: `Bearer ${await serviceToken()}` },
  })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toMatchObject({ asked_by: { client_id: 'dev-service' }, orders: { length: 3 } })
})

test('the sample web app signs in, shows the name and the orders, refreshes, and signs out', async () => {
  const browser = new Browser()
  await signIn(browser)
  expect(browser.page.url).toBe(`${urls.web_app}/`)
  expect(browser.page.html).toContain('Hello, Dev Example')
  expect(browser.page.html).toContain('A-1041')

  await browser.submit('/refresh', {})
  expect(browser.page.html).toContain('The tokens were refreshed.')
  expect(browser.page.html).toContain('<dd>once</dd>')
  await browser.submit('/refresh', {})
  expect(browser.page.html).toContain('2 times')
  expect(browser.page.html).toContain('A-1041')

  await browser.submit('/sign-out', {})
  expect(browser.page.html).toContain('You are signed out of this app')
  await browser.open(`${urls.web_app}/`)
  expect(browser.page.html).not.toContain('Hello')
})

test('the sample web app gives the browser no token, and its session cookie to no script', async () => {
  const browser = new Browser()
  await signIn(browser)
  expect(browser.page.html).not.toMatch(/eyJ|jwr_/)
  const answer = await fetch(`${urls.web_app}/sign-in`, { redirect: 'manual' })
  expect(answer.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Lax$/)
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('the sample web app refuses forms of other origins and answers that it did not ask for', async () => {
  for (const path of ['/refresh', '/sign-out']) {
    for (const origin of [urls.issuer, 'https://evil.example', undefined]) {
      const headers: Record<string, string> = origin === undefined ? {} : { origin }
      expect((await fetch(urls.web_app + path, { method: 'POST', headers })).status).toBe(403)
    }
  }
  expect((await fetch(`${urls.web_app}/callback?code=x&state=y`)).status).toBe(400)
})

test('the sample web app says so when the person says no', async () => {
  const words = ['users', 'add', 'nay', '--dev', '--password-stdin']
  expect((await jotwarden(words, { folder, stdin: 'nay-nay-nay-nay' })).code).toBe(0)
  const browser = new Browser()
  await browser.open(`${urls.web_app}/sign-in`)
  await browser.submit('/login', { username: 'nay', password: 'nay-nay-nay-nay' })
  await browser.submit('/consent', { decision: 'deny' })
  expect(browser.page).toMatchObject({ status: 403, html: expect.stringContaining('You said no') })
})

test('commands with --dev act on the state of the running server', async () => {
  const list = await jotwarden(['clients', 'list', '--dev', '--json'], { folder })
  expect(JSON.parse(list.stdout).map((client: { client_id: string }) => client.client_id)).toEqual(
    expect.arrayContaining(['dev-cli', 'dev-service', 'dev-web']),
  )
  const check = await jotwarden(['config', 'check', '--config', '.jotwarden/jotwarden.toml'], { folder })
  expect(check.code).toBe(0)
})

test('serve without --dev refuses the development state', async () => {
  const words = ['serve', '--config', '.jotwarden/jotwarden.toml']
  const { code, stderr } = await jotwarden(words, {
    folder,
    environment: { JOTWARDEN_SERVER_LISTEN: '127.0.0.1:0' },
  })
  expect(code).toBe(1)
  expect(stderr).toContain('dev-service')
  expect(stderr).toContain('the account dev')
})

test('serve --dev ended and started again on the same ports knows its keys and its people', async () => {
  const keys = await (await fetch(`${urls.issuer}/jwks.json`)).json()
  const token = await serviceToken()
  const { code, stderr } = await running.stop('SIGINT')
  expect(code).toBe(0)
  expect(stderr).toMatch(/^Stopped$/m)
  for (const secret of [token, 'jotwarden-development', 'development-only-secret', 'nay-nay']) {
    expect(stderr).not.toContain(secret)
  }
  await startOn([urls.issuer, urls.web_app, urls.api].map((url) => new URL(url).port))
  expect(await (await fetch(`${urls.issuer}/jwks.json`)).json()).toEqual(keys)
  const answer = await fetch(`${urls.api}/orders`, { headers: { authorization: `Bearer ${token}` } })
  expect(answer.status).toBe(200)
  const people = await jotwarden(['users', 'list', '--dev', '--json'], { folder })
  expect(JSON.parse(people.stdout).map((one: { username: string }) => one.username)).toEqual(['dev', 'nay'])
})

test('serve --dev moved to another port of the web app still signs in', async () => {
  await running.stop()
  await startOn([new URL(urls.issuer).port, '0', new URL(urls.api).port])
  const browser = new Browser()
  await signIn(browser)
  expect(browser.page.html).toContain('Hello, Dev Example')
})

for (const option of ['--port', '--web-app-port', '--api-port']) {
  test(`serve --dev says how to change a port that is taken: ${option}`, async () => {
    const other = createServer()
    const port = await new Promise<number>((resolve) =>
      other.listen(0, '127.0.0.1', () => resolve((other.address() as AddressInfo).port)),
    )
    const ports = ['--port', '--web-app-port', '--api-port'].flatMap((name) => [
      name,
      name === option ? String(port) : '0',
    ])
    const { code, stderr } = await jotwarden(['serve', '--dev', ...ports], { folder: temporaryFolder() })
    other.close()
    expect(code).toBe(1)
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}: another process has the port`)
    expect(stderr).toContain(option)
  })
}

test('serve --dev takes nothing from the configuration or the environment of a real one', async () => {
  const place = temporaryFolder()
  writeFileSync(join(place, 'jotwarden.toml'), 'issuer = "https://auth.example.com"')
  const environment = {
    JOTWARDEN_ISSUER: 'https://auth.example.com',
    JOTWARDEN_SERVER_LISTEN: '0.0.0.0:0',
    JOTWARDEN_KEK: 'x',
  }
  const other = await serving(['--dev', '--port', '0', '--web-app-port', '0', '--api-port', '0'], {
    folder: place,
    environment,
  })
  expect(other.ready.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await other.stop()).code).toBe(0)
})

async function startOn([authority = '', webApp = '', api = '']: readonly string[]): Promise<void> {
  running = await serving(['--dev', '--port', authority, '--web-app-port', webApp, '--api-port', api], {
    folder,
  })
  const { issuer, web_app, api: apiUrl } = running.ready
  urls = { issuer: String(issuer), web_app: String(web_app), api: String(apiUrl) }
}

/** Signs in as the development account, and allows what the app asks for where it is asked. */
async function signIn(browser: Browser): Promise<void> {
  await browser.open(`${urls.web_app}/sign-in`)
  await browser.submit('/login', { username: 'dev', password: 'jotwarden-development' })
  if (browser.page.url.includes('/consent') || browser.page.html.includes('name="decision"')) {
    await browser.submit('/consent', { decision: 'allow' })
  }
}

async function serviceToken(): Promise<string> {
  const credentials = Buffer.from('dev-service:development-only-secret-of-dev-service').toString('base64')
  const answer = await fetch(`${urls.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' }),
    headers: { authorization: `Basic ${credentials}` },
  })
  expect(answer.status).toBe(200)
  return (await answer.json()).access_token
}
