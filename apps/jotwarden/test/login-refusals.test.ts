import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Browser, type Page } from './browser.ts'
import { type Deployment, deployed } from './deployment.ts'
import { jotwarden, type Running } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

// With the password hasher that people get, in the process that people run: who tries names learns nothing of them.

const DISABLED = { username: 'bob', password: 'a password that was right' }
let deployment: Deployment
let server: Running
let subjects: Readonly<Record<string, string>>

beforeAll(async () => {
  deployment = await deployed()
  const { folder } = deployment
  await ran(['users', 'add', DISABLED.username, '--password-stdin'], DISABLED.password)
  await ran(['users', 'disable', DISABLED.username])
  const listed = rows(`SELECT username, subject FROM accounts`)
  subjects = Object.fromEntries(listed.map(({ username, subject }) => [String(username), String(subject)]))
  server = await deployment.start()

  async function ran(words: readonly string[], stdin = ''): Promise<void> {
    const { code, stderr } = await jotwarden(words, { folder, stdin })
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`)
  }
})

afterAll(async () => {
  await server.stop()
})

test('an unknown name, a wrong password and a disabled account get one answer, and an event each', async () => {
  const wrong = await tried({ username: deployment.account.username, password: 'not the password at all' })
  const unknown = await tried({ username: 'eve', password: 'not the password at all' })
  const disabled = await tried(DISABLED)
  expect(wrong.status).toBe(403)
  expect(wrong.text).toContain('USERNAME')
  expect(unknown).toEqual(wrong)
  expect(disabled).toEqual(wrong)

  const events = rows(`SELECT subject, client, SUM(count) AS times FROM events
    WHERE type = 'login-refused' GROUP BY subject, client`)
  expect(new Map(events.map(({ subject, client, times }) => [subject, [client, times]]))).toEqual(
    new Map([
      [subjects[deployment.account.username], ['app', 1]],
      [null, ['app', 1]],
      [subjects[DISABLED.username], ['app', 1]],
    ]),
  )
})

test('the right password of an account that is not disabled is taken', async () => {
  expect(await signedInCookie(deployment)).toContain('login=')
  expect(rows(`SELECT type FROM events WHERE type = 'login-succeeded'`)).toHaveLength(1)
})

/** The answer without what must differ: the username that comes back, and what is made anew for every page. */
async function tried(account: { readonly username: string; readonly password: string }) {
  const browser = await atTheForm()
  const { status, html } = await browser.submit('/login', account)
  const text = html
    .replaceAll(`value="${account.username}"`, 'value="USERNAME"')
    .replace(/name="interaction" value="[^"]+"/g, 'name="interaction"')
  return { status, text }
}

async function atTheForm(): Promise<Browser> {
  const { issuer, app } = deployment
  const query = new URLSearchParams({
    ...{ client_id: app.id, redirect_uri: app.redirectUri, response_type: 'code', scope: 'openid' },
    ...{ code_challenge: '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM', code_challenge_method: 'S256' },
  })
  const browser = new Browser()
  const page: Page = await browser.open(`${issuer}/authorize?${query}`)
  expect(page.status).toBe(200)
  return browser
}

function rows(query: string) {
  const database = new DatabaseSync(`${deployment.folder}/data/jotwarden.db`, { readOnly: true })
  try {
    return database.prepare(query).all()
  } finally {
    database.close()
  }
}
