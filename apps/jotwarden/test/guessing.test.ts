import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { jotwarden, type Running } from './jotwarden-process.ts'

// The process that people run, with the hasher that people get, behind a proxy that says who calls.

let deployment: Deployment
let server: Running

beforeAll(async () => {
  deployment = await deployed()
  const path = join(deployment.folder, 'jotwarden.toml')
  const text = readFileSync(path, 'utf8').replace(
    /^#? ?trusted_proxies = .*$/m,
    'trusted_proxies = ["127.0.0.1"]',
  )
  if (!text.includes('["127.0.0.1"]')) throw new Error('the template has no trusted_proxies')
  writeFileSync(path, text)
  server = await deployment.start()
})

afterAll(async () => {
  await server.stop()
})

test('a flood from one network leaves the right password from another its turn', async () => {
  const forms = await Promise.all(Array.from({ length: 100 }, (_, guess) => atTheForm(`203.0.113.${guess}`)))
  const own = await atTheForm('198.51.100.1')
  const began = performance.now()
  const flood = forms.map((form, guess) => form(`nobody-${guess}`, 'not the password at all'))
  const owner = await own(deployment.account.username, deployment.account.password)
  expect(owner.status).toBe(303)
  const statuses = (await Promise.all(flood)).map(({ status }) => status)
  // Fifty are free, then one after a second, one after two more, after four more
  const seconds = (performance.now() - began) / 1000
  const free = 50 + Math.floor(Math.log2(seconds + 1))
  expect(statuses.filter((status) => status === 403).length).toBeLessThanOrEqual(free)
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(100 - free)
})

test('1,000 guesses over names and networks: few get through, and names that exist answer as others do', async () => {
  const times = { ada: [] as number[], eve: [] as number[] }
  const waiting = { ada: [] as number[], eve: [] as number[] }
  for (let round = 0; round < 25; round += 1) {
    const [asAda, asEve] = [await atTheForm(`10.${round}.1.1`), await atTheForm(`10.${round}.2.1`)]
    for (let guess = 0; guess < 20; guess += 1) {
      for (const [name, form] of [
        ['ada', asAda],
        ['eve', asEve],
      ] as const) {
        const { status, ms } = await form(name, `not the password ${guess}`)
        expect([403, 429]).toContain(status)
        if (status === 403) times[name].push(ms)
        else waiting[name].push(ms)
      }
    }
  }
  for (const name of ['ada', 'eve'] as const) {
    expect(times[name].length).toBeGreaterThanOrEqual(10)
    expect(times[name].length).toBeLessThanOrEqual(40)
  }
  // A name that was not hashed for would answer some forty times faster
  expect(ratio(median(times.ada), median(times.eve))).toBeLessThan(2)
  expect(ratio(median(waiting.ada), median(waiting.eve))).toBeLessThan(2)
  expect(median(waiting.ada)).toBeLessThan(median(times.ada))

  const owner = await (await atTheForm('198.51.100.1'))(
    deployment.account.username,
    deployment.account.password,
  )
  expect(owner.status).toBe(303)
})

test('the page asks to wait, with Retry-After, and the log of events says so without a name', async () => {
  const form = await atTheForm('10.99.0.1')
  let answer = await form('mallory', 'wrong 0')
  for (let guess = 1; guess < 12 && answer.status !== 429; guess += 1) answer = await form('mallory', 'wrong')
  expect(answer.status).toBe(429)
  expect(Number(answer.retryAfter)).toBeGreaterThan(0)
  expect(answer.text).toContain('Your password was not checked. Wait ')

  const database = new DatabaseSync(`${deployment.folder}/data/jotwarden.db`, { readOnly: true })
  const events = database.prepare(`SELECT subject, client FROM events WHERE type = 'login-throttled'`).all()
  database.close()
  expect(events.length).toBeGreaterThan(0)
  for (const { subject, client } of events) expect([subject, client]).toEqual([null, null])
})

test('wrong client secrets are answered 429 temporarily_unavailable with Retry-After', async () => {
  const { id } = deployment.service
  const ask = () =>
    fetch(`${deployment.issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: 'wrong' }),
      headers: { 'x-forwarded-for': '10.98.0.1' },
    })
  let answer = await ask()
  for (let count = 0; count < 40 && answer.status !== 429; count += 1) answer = await ask()
  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await answer.json()).error).toBe('temporarily_unavailable')
})

for (const password of ['password1234', '1qaz2wsx3edc', 'grace grace grace'])
  test(`users add refuses the password ${password}`, async () => {
    const words = ['users', 'add', 'grace', '--password-stdin']
    const { code, stderr } = await jotwarden(words, { folder: deployment.folder, stdin: password })
    expect(code).toBe(1)
    expect(stderr).toContain('Cannot take the password')
    expect(stderr).not.toContain(password)
  })

/** A sign-in form of its own, asked for and sent from the address. */
async function atTheForm(address: string) {
  const { issuer, app } = deployment
  const query = new URLSearchParams({
    ...{ client_id: app.id, redirect_uri: app.redirectUri, response_type: 'code', scope: 'openid' },
    ...{ code_challenge: '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM', code_challenge_method: 'S256' },
  })
  const from = { 'x-forwarded-for': address }
  const page = await fetch(`${issuer}/authorize?${query}`, { headers: from })
  const interaction = /name="interaction" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return async (username: string, password: string) => {
    const began = performance.now()
    const answer = await fetch(`${issuer}/login`, {
      method: 'POST',
      body: new URLSearchParams({ interaction, username, password }),
      headers: { ...from, cookie, origin: new URL(issuer).origin },
      redirect: 'manual',
    })
    const text = await answer.text()
    const ms = performance.now() - began
    return { status: answer.status, retryAfter: answer.headers.get('retry-after'), text, ms }
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((one, other) => one - other)[numbers.length >> 1] ?? Number.NaN
}

function ratio(one: number, other: number): number {
  return Math.max(one, other) / Math.min(one, other)
}
