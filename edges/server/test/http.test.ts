import { once } from 'node:events'
import {
  request as ask,
  type IncomingHttpHeaders,
  type IncomingMessage,
  createServer as listen,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { TLSSocket } from 'node:tls'
import type { Server } from '@jotwarden/server'
import { afterEach, describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

const TLS = { 'x-forwarded-proto': 'https' }
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

describe('over real HTTP', () => {
  test('a chunked body beyond 64 KiB is refused before its end', async () => {
    const { server, authority } = asking({ trustedProxies: ['127.0.0.1'] })
    const port = await serve(server)
    const sending = ask({ port, method: 'POST', path: '/token', headers: { ...FORM, ...TLS } })
    sending.on('error', () => {})
    const answered = once(sending, 'response')
    for (let sent = 0; sent < 5; sent += 1) sending.write('a'.repeat(16_384))
    const [answer]: IncomingMessage[] = await answered
    expect(answer?.statusCode).toBe(413)
    sending.destroy()
    expect(authority.tokenRequests).toEqual([])
  })

  test('a chunked form within the cap is read, with the address of the peer', async () => {
    const { server, authority } = asking({ trustedProxies: ['127.0.0.1'] })
    const port = await serve(server)
    const answer = await send(
      port,
      'POST',
      '/token',
      { ...FORM, ...TLS, 'x-forwarded-for': '198.51.100.1' },
      ['grant_type=', 'x&scope=a+b'],
    )
    expect(answer.status).toBe(200)
    expect(authority.tokenRequests[0]?.form.one('scope')).toBe('a b')
    expect(authority.tokenRequests[0]?.network).toBe('198.51.100.1')
  })

  test('both cookies of a sign-in arrive as headers of their own, and come back as one', async () => {
    const { server, authority } = asking({ issuer: 'http://localhost:9411', loopback: true })
    const next = { ...authority.answers.begin }
    Object.assign(authority.answers, {
      signIn: { step: 'signed-in', login: 'LOGIN', loginExpiresAt: 1_000_600, next },
    })
    const port = await serve(server)
    const answer = await send(port, 'POST', '/login', FORM, ['interaction=i&username=a&password=b'])
    const cookies = answer.headers['set-cookie'] ?? []
    expect(cookies).toHaveLength(2)
    const cookie = cookies.map((text) => text.split(';')[0]).join('; ')
    await send(port, 'GET', '/authorize?client_id=notes', { cookie })
    expect(authority.begun[0]?.browser).toMatchObject({ login: 'LOGIN', binding: 'BINDING' })
  })

  test('HEAD answers headers alone', async () => {
    const { server } = asking({ issuer: 'http://localhost:9411', loopback: true })
    const answer = await send(await serve(server), 'HEAD', '/jwks.json')
    expect(answer.status).toBe(200)
    expect(answer.headers.etag).toMatch(/^"/)
    expect(answer.text).toBe('')
  })

  test('plain http with an https URL in the request line reaches nothing of an https issuer', async () => {
    const { server, authority } = asking()
    const target = 'https://auth.example.com/token'
    const answer = await send(await serve(server), 'POST', target, FORM, ['grant_type=x'])
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('not known to be TLS')
    expect(authority.tokenRequests).toEqual([])
  })

  test('the feed comes line by line, and who hangs up gives the place back', async () => {
    const issuer = 'http://localhost:9411'
    const { server } = asking({ issuer, loopback: true, feed: { streams: 1, heartbeat: 0.02 } })
    const port = await serve(server)
    const asked = { port, path: '/revocations', headers: { authorization: 'Basic eDp5' } }
    const statusOf = async (): Promise<number | undefined> => {
      const sending = ask(asked).end()
      sending.on('error', () => {})
      const [answer]: IncomingMessage[] = await once(sending, 'response')
      sending.destroy()
      return answer?.statusCode
    }
    const sending = ask(asked).end()
    sending.on('error', () => {})
    const [answer]: IncomingMessage[] = await once(sending, 'response')
    expect(await statusOf()).toBe(503)
    let text = ''
    for await (const chunk of answer ?? []) {
      text += chunk
      if (text.split('"type":"head"').length > 4) break
    }
    expect(text.startsWith('{"type":"hello"')).toBe(true)

    sending.destroy()
    while ((await statusOf()) !== 200);
    server.close()
  })

  for (const target of [
    '/../token',
    '/%2e%2e/token',
    '/./token',
    '//evil.example/token',
    '/token%00',
    '/token;x',
    '/\\token',
  ]) {
    test(`POST ${target} reaches no other endpoint than its normal form`, async () => {
      const { server, authority } = asking({ issuer: 'http://localhost:9411', loopback: true })
      const answer = await send(await serve(server), 'POST', target, FORM, ['grant_type=x'])
      expect([200, 404]).toContain(answer.status)
      expect(authority.tokenRequests).toHaveLength(answer.status === 200 ? 1 : 0)
    })
  }
})

interface Received {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

async function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string> = {},
  chunks: readonly string[] = [],
): Promise<Received> {
  const sending = ask({ port, method, path, headers })
  for (const chunk of chunks) sending.write(chunk)
  sending.end()
  const [answer]: IncomingMessage[] = await once(sending, 'response')
  if (answer === undefined) throw new Error('Cannot go on: no answer came')
  const text = Buffer.concat(await answer.toArray()).toString()
  return { status: answer.statusCode, headers: answer.headers, text }
}

/** Serves on a free port of the loopback host until the test is over. */
async function serve(server: Server): Promise<number> {
  const listener = listen((incoming, outgoing) => void bridge(server, incoming, outgoing))
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  closing.push(() => {
    listener.closeAllConnections()
    listener.close()
  })
  const { port } = listener.address() as AddressInfo
  return port
}

async function bridge(server: Server, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD'
  const headers: [string, string][] = []
  for (let i = 0; i < incoming.rawHeaders.length; i += 2)
    headers.push([incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? ''])
  const init: RequestInit & { readonly duplex: 'half' } = {
    method: incoming.method ?? 'GET',
    headers,
    body: hasBody ? (Readable.toWeb(incoming) as ReadableStream<Uint8Array<ArrayBuffer>>) : null,
    duplex: 'half',
  }
  // As hosts do: a request line in absolute form is taken at its word.
  const target = incoming.url ?? ''
  const request = new Request(target.startsWith('https://') ? target : `http://127.0.0.1${target}`, init)
  const answer = await server.fetch(request, {
    address: incoming.socket.remoteAddress ?? '',
    encrypted: incoming.socket instanceof TLSSocket,
  })
  outgoing.statusCode = answer.status
  answer.headers.forEach((value, name) => {
    if (name !== 'set-cookie') outgoing.setHeader(name, value)
  })
  outgoing.setHeader('set-cookie', answer.headers.getSetCookie())
  if (answer.body === null) outgoing.end()
  else await pipeline(Readable.from(answer.body), outgoing).catch(() => {})
}
