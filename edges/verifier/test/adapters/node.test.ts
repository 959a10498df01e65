import { connect } from 'node:net'
import type { Verifier } from '@jotwarden/verifier'
import { withAuth } from '@jotwarden/verifier/node'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { listening } from './listening.ts'
import { describeAdapter, routes, type Served, send } from './scenarios.ts'

function serve(verifier: Verifier): Promise<Served> {
  const handlers = new Map(
    Object.entries(routes).map(([name, options]) => [
      `/${name}`,
      withAuth(verifier, options, (_, response, auth) => {
        if (name === 'inside') {
          response.setHeader('x-partial', 'secret')
          auth?.require('admin')
        }
        if (name === 'broken') throw new TypeError('a mistake of the route')
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify({ subject: auth?.subject ?? null }))
      }),
    ]),
  )
  return listening((request, response) => {
    const handler = handlers.get(new URL(request.url ?? '/', 'http://a').pathname)
    handler?.(request, response).catch(() => response.writeHead(500).end())
  })
}

describeAdapter('withAuth() for node:http', serve)

describe('node:http', () => {
  async function guarded(origin?: string): Promise<{ issuer: LoopbackIssuer; port: number; url: string }> {
    const issuer = await LoopbackIssuer.start()
    const guard = withAuth(issuer.verifier(), origin === undefined ? {} : { origin }, (_, response, auth) =>
      response.end(auth.subject),
    )
    const served = await listening((request, response) => void guard(request, response))
    return { issuer, port: Number(new URL(served.origin).port), url: served.origin }
  }

  test('HEAD and OPTIONS need a token like any other method', async () => {
    const { url } = await guarded()
    for (const method of ['HEAD', 'OPTIONS', 'POST', 'DELETE'])
      expect((await send(`${url}/`, { method })).status).toBe(401)
  })

  async function raw(port: number, text: string): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    socket.write(text)
    let answer = ''
    for await (const chunk of socket) answer += chunk
    return answer.split('\r\n')[0] ?? ''
  }

  for (const [name, host] of [
    ['none', ''],
    ['an empty one', 'Host: \r\n'],
    ['one with a path', 'Host: api.example/x\r\n'],
    ['one with credentials', 'Host: a@api.example\r\n'],
  ] as const)
    test(`refuses a request whose Host header is ${name}, unless the origin is told`, async () => {
      const { issuer, port } = await guarded()
      const request = (token: string): string =>
        `GET / HTTP/1.0\r\n${host}Authorization: Bearer ${token}\r\nConnection: close\r\n\r\n`
      expect(await raw(port, request(await issuer.mint()))).toContain(' 400 ')
      const told = await guarded('https://api.example')
      expect(await raw(told.port, request(await told.issuer.mint()))).toContain(' 200 ')
    })

  test('refuses a request whose Host header makes no URL, though it names a host', async () => {
    const { issuer, port } = await guarded()
    const token = await issuer.mint()
    const request = (host: string): string =>
      `GET /?a=b HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`
    for (const host of ['api.example:99999', '[::::]', '256.1.1.1', '0x100000000'])
      expect(await raw(port, request(host))).toContain(' 400 ')
    expect(await raw(port, request('api.example'))).toContain(' 200 ')
  })

  test('finds a token in the query of a target in absolute form', async () => {
    const { issuer, port } = await guarded()
    const request = async (target: string): Promise<string> =>
      `GET ${target} HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer ${await issuer.mint()}\r\nConnection: close\r\n\r\n`
    expect(await raw(port, await request('http://api.example/x?access_token=y'))).toContain(' 400 ')
    expect(await raw(port, await request('http://api.example/x?a=y'))).toContain(' 200 ')
    expect(await raw(port, await request('//other.example/x?access_token=y'))).toContain(' 400 ')
  })

  test('refuses an origin that is none, at once', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier()
    for (const origin of ['api.example', 'https://api.example/', 'https://api.example/x', 'ftp://a', ''])
      expect(() => withAuth(verifier, { origin }, () => undefined)).toThrow(
        expect.objectContaining({ code: 'verifier/options' }),
      )
  })
})
