import { type ConnectionInfo, createServer, ServerError } from '@jotwarden/server'
import { describe, expect, test, vi } from 'vitest'
import { asking } from './asking.ts'
import { fakeAuthority } from './fake-authority.ts'

async function networkSeen(
  trustedProxies: readonly string[],
  address: string | undefined,
  forwardedFor?: string,
): Promise<string | undefined> {
  const { server, authority } = asking({ trustedProxies })
  const headers = forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }
  const request = new Request('https://auth.example.com/authorize', { headers })
  await server.fetch(request, { encrypted: true, ...(address === undefined ? {} : { address }) })
  return authority.begun[0]?.browser.network
}

describe('the client address', () => {
  const proxies = ['10.0.0.0/8', '2001:db8:1::/48', '192.0.2.1']
  const cases: readonly (readonly [
    name: string,
    address: string | undefined,
    forwarded: string | undefined,
    expected: string | undefined,
  ])[] = [
    ['is the direct peer', '203.0.113.9', undefined, '203.0.113.9'],
    ['ignores what an untrusted peer forwards', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is what a trusted proxy saw', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    [
      'is the right-most untrusted one, whatever a client wrote to the left',
      '10.1.2.3',
      '1.1.1.1, 198.51.100.1, 192.0.2.1',
      '198.51.100.1',
    ],
    ['is the outermost when all are trusted', '10.1.2.3', '10.9.9.9, 10.8.8.8', '10.9.9.9'],
    ['stops where an entry is no address', '10.1.2.3', '198.51.100.1, unknown', '10.1.2.3'],
    ['stops where an entry is empty', '10.1.2.3', '198.51.100.1, ', '10.1.2.3'],
    ['leaves a port off', '10.1.2.3', '198.51.100.1:4711', '198.51.100.1'],
    ['reads IPv6 with brackets and port', '2001:db8:1::5', '[2001:db8:9::1]:4711', '2001:db8:9::1'],
    ['reads IPv4 in IPv6 as IPv4', '::ffff:10.1.2.3', '::ffff:198.51.100.1', '198.51.100.1'],
    ['leaves a zone off', 'fe80::1%eth0', undefined, 'fe80::1'],
    [
      'stops where an entry is longer than any address',
      '10.1.2.3',
      `198.51.100.1%${'%'.repeat(60)}`,
      '10.1.2.3',
    ],
    ['is unknown without a peer, whatever is forwarded', undefined, '198.51.100.1', undefined],
    ['is unknown when the peer is no address', 'unix:', undefined, undefined],
  ]
  for (const [name, address, forwarded, expected] of cases) {
    test(name, async () => expect(await networkSeen(proxies, address, forwarded)).toBe(expected))
  }

  test('trusts nobody unless told', async () => {
    expect(await networkSeen([], '127.0.0.1', '198.51.100.1')).toBe('127.0.0.1')
  })

  for (const entry of [
    '',
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0.0/-1',
    '10.0.0/8',
  ]) {
    test(`createServer() refuses the proxy "${entry}"`, () => {
      expect(() => createServer({ authority: fakeAuthority(), trustedProxies: [entry] })).toThrow(ServerError)
    })
  }
})

describe('transport', () => {
  const HTTP = 'http://auth.example.com/authorize'
  const HTTPS = 'https://auth.example.com/authorize'
  const cases: readonly (readonly [
    name: string,
    url: string,
    connection: ConnectionInfo,
    proto: string | undefined,
    status: number,
  ])[] = [
    ['TLS of our own is taken', HTTPS, { address: STRANGER, encrypted: true }, undefined, 200],
    ['plain http is refused', HTTP, { address: STRANGER, encrypted: false }, undefined, 400],
    [
      'plain http with an https URL in its request line is refused',
      HTTPS,
      { address: STRANGER, encrypted: false },
      undefined,
      400,
    ],
    ['a connection of which nothing is known is refused', HTTPS, {}, undefined, 400],
    ['a connection of which only the peer is known is refused', HTTPS, { address: STRANGER }, undefined, 400],
    ['TLS is taken, whatever the URL says', HTTP, { address: STRANGER, encrypted: true }, undefined, 200],
    ['plain http from anyone who claims https is refused', HTTP, { address: STRANGER }, 'https', 400],
    ['a trusted proxy that does not say is refused', HTTP, { address: '10.0.0.1' }, undefined, 400],
    [
      'a trusted proxy that does not say is taken over TLS of our own',
      HTTPS,
      { address: '10.0.0.1', encrypted: true },
      undefined,
      200,
    ],
    ['a trusted proxy that says https is taken', HTTP, { address: '10.0.0.1' }, 'https', 200],
    ['a trusted proxy that says http is refused', HTTP, { address: '10.0.0.1' }, 'http', 400],
    [
      'a trusted proxy that says http at one hop is refused',
      HTTP,
      { address: '10.0.0.1' },
      'https, http',
      400,
    ],
    [
      'a trusted proxy that says http is refused over TLS too',
      HTTPS,
      { address: '10.0.0.1', encrypted: true },
      'http',
      400,
    ],
  ]
  for (const [name, url, connection, proto, status] of cases) {
    test(name, async () => {
      const { server, authority } = asking({ trustedProxies: ['10.0.0.0/8'] })
      const request = new Request(url, { headers: proto === undefined ? {} : { 'x-forwarded-proto': proto } })
      expect((await server.fetch(request, connection)).status).toBe(status)
      expect(authority.begun).toHaveLength(status === 200 ? 1 : 0)
    })
  }

  test('those who watch the process may ask over plain http', async () => {
    const { server } = asking()
    for (const path of ['/healthz', '/readyz']) {
      expect((await server.fetch(new Request(`http://10.0.0.5:8080${path}`))).status).toBe(200)
    }
  })

  test('createServer() takes a plain http issuer only with loopback: true', async () => {
    const authority = fakeAuthority('http://127.0.0.1:9411')
    expect(() => createServer({ authority })).toThrow(expect.objectContaining({ code: 'server/options' }))
    const server = createServer({ authority, loopback: true })
    expect((await server.fetch(new Request('http://127.0.0.1:9411/'))).status).toBe(200)
  })

  test('createServer() refuses an issuer whose path would be read as a pattern', () => {
    expect(() => createServer({ authority: fakeAuthority('https://auth.example.com/:tenant') })).toThrow(
      expect.objectContaining({ code: 'server/options' }),
    )
  })
})

describe('health', () => {
  test('/readyz is 503 when the stores cannot answer, and says nothing of why', async () => {
    const { get } = asking({ health: () => Promise.reject(new Error('connect ECONNREFUSED 10.0.0.2')) })
    const answer = await get('/readyz')
    expect(answer.status).toBe(503)
    expect(answer.headers.get('retry-after')).toBe('5')
    expect(await answer.text()).toBe('{"status":"unavailable"}')
    expect((await get('/healthz')).status).toBe(200)
  })

  test('/readyz is 503 when the stores do not answer in time', async () => {
    vi.useFakeTimers()
    try {
      const { get } = asking({ health: () => new Promise(() => {}) })
      const answer = get('/readyz')
      await vi.advanceTimersByTimeAsync(2000)
      expect((await answer).status).toBe(503)
    } finally {
      vi.useRealTimers()
    }
  })

  test('/readyz is 503 without a key to sign with', async () => {
    const { get, authority } = asking()
    Object.assign(authority.keyring, {
      signer: () => {
        throw new Error('no key')
      },
    })
    expect((await get('/readyz')).status).toBe(503)
  })
})

const STRANGER = '203.0.113.9'
