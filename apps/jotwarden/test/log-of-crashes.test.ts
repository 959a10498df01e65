import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { Authority } from '@jotwarden/authority'
import { createServer } from '@jotwarden/server'
import { createLog, loadConfiguration } from 'jotwarden'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type OpenedAuthority, openAuthority } from '../src/state/open-authority.ts'
import { FORM } from './guarded-server.ts'
import { temporaryFolder } from './jotwarden-process.ts'

// Whatever breaks, and however badly it tells of it, the log at its chattiest holds nothing that was sent.

const ISSUER = 'http://127.0.0.1:8420'
const environment = {
  JOTWARDEN_KEK: 'Y2FuYXJ5LWNhbmFyeS1jYW5hcnktY2FuYXJ5LTEyMzQ',
  JOTWARDEN_KEYS_OWNER: 'ann',
  JOTWARDEN_KEYS_ROTATION_PERIOD: '30d',
}
const SECRET = 'canary-5f3a9c'
const PATHS = [
  ...['/token', '/revoke', '/introspect', '/userinfo', '/authorize', '/login', '/consent', '/logout'],
  ...['/logout/confirm', '/revocations', '/jwks.json', '/readyz', '/', `/${SECRET}`],
]

let opened: OpenedAuthority

beforeAll(async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'jotwarden.toml'), `issuer = "${ISSUER}"\n`)
  const { configuration } = loadConfiguration({ folder, file: undefined, environment })
  if (configuration === undefined) throw new Error('Cannot test: the configuration is refused')
  opened = await openAuthority(configuration, environment)
})
afterAll(() => opened.close())

/** Every function of the object fails with an error that tells all it was given, in every place where errors tell things. */
function crashing<Part extends object>(part: Part): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...given: readonly unknown[]): never => {
        throw indiscreet(given)
      }
    },
  })
}

function indiscreet(given: readonly unknown[]): Error {
  const told = `${SECRET} ${JSON.stringify(given)}\n    at ${SECRET}`
  const cause = Object.assign(new TypeError(told, { cause: SECRET }), { code: SECRET, given })
  return Object.assign(new Error(told, { cause }), {
    code: SECRET,
    token: SECRET,
    request: { token: SECRET },
  })
}

function broken(authority: Authority): Authority {
  return {
    ...crashing({ ...authority }),
    settings: authority.settings,
    keyring: authority.keyring,
    scopesSupported: () => authority.scopesSupported(),
    authorization: crashing(authority.authorization),
    revocation: crashing(authority.revocation),
    logout: crashing(authority.logout),
  }
}

function logging(format: 'json' | 'text') {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  return { lines, logger: createLog({ level: 'debug', format, stream }) }
}

async function askEverything(fetch: (request: Request) => Promise<Response>): Promise<readonly number[]> {
  const statuses: number[] = []
  const headers = {
    authorization: `Bearer ${SECRET}`,
    cookie: `__Host-session=${SECRET}; login=${SECRET}`,
    'user-agent': SECRET,
    referer: `${ISSUER}/?code=${SECRET}`,
    'x-request-id': SECRET,
    'x-forwarded-for': SECRET,
    origin: ISSUER,
  }
  const fields = ['token', 'code', 'client_id', 'client_secret', 'password', 'username', 'refresh_token']
  const body = new URLSearchParams(fields.map((name) => [name, SECRET])).toString()
  for (const path of PATHS) {
    const basic = { ...headers, authorization: `Basic ${btoa(`${SECRET}:${SECRET}`)}` }
    for (const [method, sent] of [
      ['GET', headers],
      ['GET', basic],
      ['POST', headers],
      ['POST', basic],
    ] as const) {
      const query = method === 'GET' ? `?access_token=${SECRET}&code=${SECRET}&client_id=${SECRET}` : ''
      const init = method === 'GET' ? { headers: sent } : { method, headers: { ...sent, ...FORM }, body }
      const answer = await fetch(new Request(`${ISSUER}${path}${query}`, init))
      await answer.text()
      statuses.push(answer.status)
    }
  }
  return statuses
}

describe('the log at level debug', () => {
  for (const format of ['json', 'text'] as const) {
    test(`as ${format} tells nothing of requests whose handlers crash, and that they did`, async () => {
      const { lines, logger } = logging(format)
      const server = createServer({
        authority: broken(opened.authority),
        loopback: true,
        logger,
        health: () => Promise.reject(indiscreet([])),
      })
      const statuses = await askEverything((request) => server.fetch(request, { address: '203.0.113.9' }))
      server.close()
      expect(statuses.filter((status) => status === 500).length).toBeGreaterThanOrEqual(8)
      expect(lines.filter((line) => line.includes('request failed')).length).toBeGreaterThanOrEqual(8)
      expect(lines.filter((line) => line.includes('not ready')).length).toBeGreaterThan(0)
      for (const line of lines) expect(line).not.toContain(SECRET)
    })
  }

  test('tells nothing of requests that are refused', async () => {
    const { lines, logger } = logging('json')
    const server = createServer({ authority: opened.authority, loopback: true, logger })
    await askEverything((request) => server.fetch(request, { address: '203.0.113.9' }))
    server.close()
    expect(lines.length).toBeGreaterThanOrEqual(4 * PATHS.length)
    for (const line of lines) expect(line).not.toContain(SECRET)
  })

  test('replaces what could be a credential, should a line ever hold one', () => {
    const { lines, logger } = logging('json')
    const names = ['token', 'password', 'authorization', 'Cookie', 'client_secret', 'refresh_token', 'code']
    const held = Object.fromEntries(names.map((name) => [name, SECRET]))
    const deep = { a: { b: { c: [{ d: held }] } } }
    const error = Object.assign(new Error(SECRET, { cause: new Error(SECRET) }), { code: SECRET })
    logger.debug({ ...held, form: held, request: { headers: { ...held, 'set-cookie': SECRET } } }, 'a slip')
    logger.debug({ deep, error, err: error }, 'another')
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).not.toContain(SECRET)
    expect(lines[0]?.match(/\[secret\]/g)?.length).toBe(3 * names.length + 1)
    expect(lines[1]?.match(/\[secret\]/g)?.length).toBe(names.length)
  })

  test('ends where an event has no end', () => {
    const { lines, logger } = logging('json')
    const round: { again?: unknown } = {}
    round.again = round
    logger.debug({ round }, 'round')
    expect(lines[0]).toContain('[deep]')
  })
})
