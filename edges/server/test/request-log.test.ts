import { AuthorityError } from '@jotwarden/authority'
import { type AnsweredRequest, createServer, type ServerOptions } from '@jotwarden/server'
import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { fakeAuthority, refusal } from './fake-authority.ts'

const ISSUER = 'https://auth.example.com'
const PROXY = '10.0.0.1'
const UUID = '7d444840-9dc0-11d1-b245-5ffdce74fad2'

interface Line {
  readonly level: string
  readonly message: string
  readonly request?: string
  readonly from?: string
}

function logging(options: Partial<ServerOptions> = {}) {
  const lines: Line[] = []
  const at = (level: string) => (event: object, message: string) =>
    void lines.push({ ...event, level, message })
  const logger = { info: at('info'), warn: at('warn'), error: at('error') }
  const authority = fakeAuthority(ISSUER)
  const server = createServer({ authority, logger, trustedProxies: [PROXY], ...options })
  const ask = (path: string, headers: Record<string, string> = {}, address?: string): Promise<Response> =>
    server.fetch(new Request(ISSUER + path, { headers }), {
      encrypted: true,
      ...(address === undefined ? {} : { address }),
    })
  return { lines, authority, ask }
}

describe('the name of a request', () => {
  const https = { 'x-forwarded-proto': 'https' }

  test('is 128 random bits, answered and in each line of the log about it', async () => {
    const { lines, authority, ask } = logging()
    authority.answers.userinfo = new Error('broken')
    const answer = await ask('/userinfo', { authorization: 'Bearer x' })
    const id = answer.headers.get('x-request-id') ?? ''
    expect(id).toMatch(/^[0-9a-f]{32}$/)
    expect(lines.map(({ message, request }) => [message, request])).toEqual([
      ['request failed', id],
      ['request answered', id],
    ])
    expect((await ask('/userinfo')).headers.get('x-request-id')).not.toBe(id)
  })

  test('is the one that a trusted proxy gave', async () => {
    const { lines, ask } = logging()
    const answer = await ask('/jwks.json', { ...https, 'x-request-id': UUID }, PROXY)
    expect([answer.headers.get('x-request-id'), lines[0]?.request]).toEqual([UUID, UUID])
  })

  test('is never the one that anybody else gave', async () => {
    const { ask } = logging()
    for (const address of ['203.0.113.9', undefined]) {
      const answer = await ask('/jwks.json', { 'x-request-id': UUID }, address)
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    }
  })

  for (const given of ['short', 'x'.repeat(41), `${UUID} level=error`, 'a.b.c.d.e.f.g.h.i.j', `${UUID}"`]) {
    test(`is not "${given}", though a trusted proxy gave it`, async () => {
      const answer = await logging().ask('/jwks.json', { ...https, 'x-request-id': given }, PROXY)
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    })
  }
})

describe('the line of a request', () => {
  const cases: readonly (readonly [
    as: 'network' | 'full' | 'none',
    address: string,
    shown: string | undefined,
  ])[] = [
    ['network', '203.0.113.9', '203.0.113.0/24'],
    ['network', '::ffff:203.0.113.9', '203.0.113.0/24'],
    ['network', '2001:db8:1:2:3::4', '2001:db8:1::/48'],
    ['network', '2001:db8::4', '2001:db8:0::/48'],
    ['full', '203.0.113.9', '203.0.113.9'],
    ['none', '203.0.113.9', undefined],
  ]
  for (const [addresses, address, shown] of cases) {
    test(`says ${shown} of ${address} where addresses are ${addresses}`, async () => {
      const { lines, ask } = logging({ requestLog: { addresses } })
      await ask('/jwks.json', {}, address)
      expect(lines[0]?.from).toBe(shown)
    })
  }

  test('shows the network unless told otherwise, also of what was refused before it was looked at', async () => {
    const { lines, ask } = logging()
    await ask('/authorize?'.padEnd(9000, 'x'), {}, '203.0.113.9')
    expect(lines[0]).toMatchObject({ status: 414, from: '203.0.113.0/24', refusal: 'server/query-too-long' })
  })

  test('is a warning when it was slow or had to be put off, and an error when it failed', async () => {
    const { lines, authority, ask } = logging()
    const slow = logging({ requestLog: { slow: 0 } })
    await slow.ask('/jwks.json')
    expect(slow.lines[0]).toMatchObject({ level: 'warn', message: 'request answered slowly' })
    authority.answers.userinfo = refusal('oauth/temporarily_unavailable')
    await ask('/userinfo', { authorization: 'Bearer x' })
    expect(lines.at(-1)).toMatchObject({ level: 'warn', refusal: 'oauth/temporarily_unavailable' })
    authority.answers.userinfo = new Error('broken')
    await ask('/userinfo', { authorization: 'Bearer x' })
    expect(lines.at(-1)).toMatchObject({ level: 'error', status: 500, refusal: 'oauth/server_error' })
  })

  test('is left out where every: false, unless the request was slow or failed', async () => {
    const { lines, authority, ask } = logging({ requestLog: { every: false } })
    await ask('/jwks.json')
    await ask('/nowhere')
    expect(lines).toEqual([])
    authority.answers.userinfo = new Error('broken')
    await ask('/userinfo', { authorization: 'Bearer x' })
    expect(lines.at(-1)).toMatchObject({ message: 'request answered', status: 500 })
  })
})

describe('observe', () => {
  function observed() {
    const seen: AnsweredRequest[] = []
    return { seen, ...asking({ observe: (answered) => void seen.push(answered) }) }
  }

  test('is told of each answer by route, method, status, time and refusal', async () => {
    const { seen, authority, get, post } = observed()
    await get('/jwks.json')
    authority.answers.token = new AuthorityError('oauth/invalid_grant', 'Cannot: no')
    await post('/token', { grant_type: 'x' })
    expect(seen).toEqual([
      { route: '/jwks.json', method: 'GET', status: 200, seconds: expect.any(Number), refusal: undefined },
      {
        route: '/token',
        method: 'POST',
        status: 400,
        seconds: expect.any(Number),
        refusal: 'oauth/invalid_grant',
      },
    ])
    for (const { seconds } of seen) expect(seconds).toBeLessThan(5)
  })

  test('hears few words, whatever strangers send: one for all unknown paths, one for all unknown methods', async () => {
    const { seen, send } = observed()
    for (const path of ['/S3CRET', '/token/S3CRET', '/%53?S3CRET']) await send('GET', path)
    await send('S3CRET', '/token')
    await send('BREW', '/S3CRET')
    expect(new Set(seen.map(({ route, method }) => `${method} ${route}`))).toEqual(
      new Set(['GET (none)', 'other /token', 'other (none)']),
    )
  })

  test('does no harm when it throws', async () => {
    const { get } = asking({
      observe: () => {
        throw new Error('broken')
      },
    })
    expect((await get('/jwks.json')).status).toBe(200)
  })
})
