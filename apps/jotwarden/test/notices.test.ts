import { createHmac } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { jotwarden, type Running } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

// Real processes, and a receiver over real HTTP that fails as it is told.

interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

const KEY = Buffer.from('0123456789abcdef0123456789abcdef')
let deployment: Deployment
let receiver: Server
let server: Running
let received: Received[]
/** Status, `hang`, or `redirect` for the requests to come; 204 after them. */
let answers: (number | 'hang' | 'redirect')[]
let redirected: number

beforeAll(async () => {
  receiver = createServer(async (request, response) => {
    if (request.url === '/elsewhere') redirected += 1
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ headers: request.headers, body })
    const answer = answers.shift() ?? 204
    if (answer === 'redirect') response.writeHead(307, { location: '/elsewhere' }).end()
    else if (answer !== 'hang') response.writeHead(answer).end('what is said does not matter')
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  deployment = await deployed()
  const { port } = receiver.address() as AddressInfo
  const secret = join(deployment.folder, 'notices.secret')
  writeFileSync(secret, `whsec_${KEY.toString('base64')}\n`, { mode: 0o600 })
  const file = join(deployment.folder, 'jotwarden.toml')
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(
      '[notices]',
      `[notices]\nurl = "http://127.0.0.1:${port}/notices"\nsecret_file = "notices.secret"\n`,
    ),
  )
  received = []
  answers = []
  server = await deployment.start()
  await knownReader()
})
beforeEach(() => {
  received = []
  answers = []
  redirected = 0
})
afterAll(async () => {
  await server?.stop()
  receiver.closeAllConnections()
  receiver.close()
})

test('a notice is posted, and its signature is what Standard Webhooks says', async () => {
  await signedInCookie(deployment)
  await arrived(1)
  const [notice] = received
  const {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signature,
  } = notice?.headers ?? {}
  const expected = createHmac('sha256', KEY).update(`${id}.${timestamp}.${notice?.body}`).digest('base64')
  expect(signature).toBe(`v1,${expected}`)
  expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60)
  expect(JSON.parse(notice?.body ?? '')).toEqual({
    type: 'signed-in-from-new-network',
    timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    data: { issuer: deployment.issuer, subject: expect.stringMatching(/^usr_/), client_name: 'app' },
  })
})

test('a receiver that fails gets it again, and what follows comes after it; a redirect is not followed', async () => {
  answers = [500, 'redirect']
  await account('disable')
  await account('enable')
  await arrived(4)
  const types = received.map(({ body }) => JSON.parse(body).type)
  expect(types).toEqual(['account-disabled', 'account-disabled', 'account-disabled', 'account-enabled'])
  expect(new Set(received.slice(0, 3).map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  expect(redirected).toBe(0)
})

test('a receiver that never answers holds up no sign-in, and a server that is killed tells it after its start', async () => {
  answers = ['hang']
  await account('disable')
  await account('enable')
  await arrived(1)
  const began = performance.now()
  await signedInCookie(deployment)
  expect(performance.now() - began).toBeLessThan(4000)
  await server.stop('SIGKILL')
  received = []
  server = await deployment.start()
  await arrived(2)
  expect(received.map(({ body }) => JSON.parse(body).type)).toEqual(['account-disabled', 'account-enabled'])
})

test('a stop does not wait for a receiver that never answers', async () => {
  answers = ['hang']
  await account('disable')
  await arrived(1)
  const began = performance.now()
  const { code, stderr } = await server.stop()
  expect(code).toBe(0)
  expect(performance.now() - began).toBeLessThan(4000)
  expect(stderr).not.toContain('/notices')
  expect(stderr).not.toContain('whsec_')
})

async function arrived(number: number): Promise<void> {
  await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(number), {
    timeout: 20_000,
    interval: 20,
  })
  expect(received).toHaveLength(number)
}

async function account(act: 'disable' | 'enable'): Promise<void> {
  const { folder, account } = deployment
  const { code, stderr } = await jotwarden(['users', act, account.username], { folder })
  if (code !== 0) throw new Error(stderr)
}

/** Waits until the server has begun to read: what is told begins with what happens after it. */
async function knownReader(): Promise<void> {
  const database = new DatabaseSync(join(deployment.folder, 'data', 'jotwarden.db'), { readOnly: true })
  await vi.waitFor(() =>
    expect(database.prepare('SELECT count(*) AS readers FROM event_readers').get()).toEqual({ readers: 1 }),
  )
  database.close()
}
