import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer, refusal, testKey } from './loopback-issuer.ts'

const rfc8414 = '/.well-known/oauth-authorization-server'

describe('discovery', () => {
  test('inserts the path of the issuer (RFC 8414 §3.1)', async () => {
    const issuer = await LoopbackIssuer.start('/realms/one')
    await issuer.verifier().verify(await issuer.mint())
    expect(issuer.asked).toEqual([`${rfc8414}/realms/one`, '/jwks'])
  })

  test('falls back to OpenID Connect Discovery, where the path is prefixed', async () => {
    const issuer = await LoopbackIssuer.start('/realms/one')
    issuer.answers.delete(`${rfc8414}/realms/one`)
    issuer.answers.set('/realms/one/.well-known/openid-configuration', (_, response) =>
      response.end(JSON.stringify(issuer.metadata())),
    )
    await issuer.verifier().verify(await issuer.mint())
    expect(issuer.asked).toEqual([
      `${rfc8414}/realms/one`,
      '/realms/one/.well-known/openid-configuration',
      '/jwks',
    ])
  })

  const metadata: readonly [string, (issuer: LoopbackIssuer) => unknown, string][] = [
    ['of another issuer', (it) => ({ ...it.metadata(), issuer: 'https://other.example' }), 'metadata-issuer'],
    [
      'whose issuer has one more slash',
      (it) => ({ ...it.metadata(), issuer: `${it.issuer}/` }),
      'metadata-issuer',
    ],
    ['without issuer', (it) => ({ jwks_uri: it.metadata().jwks_uri }), 'metadata-issuer'],
    ['without jwks_uri', (it) => ({ issuer: it.issuer }), 'metadata-jwks-uri'],
    [
      'with a jwks_uri of another origin',
      (it) => ({ ...it.metadata(), jwks_uri: 'https://other.example/jwks' }),
      'metadata-jwks-uri',
    ],
    [
      'with a jwks_uri on another port',
      (it) => ({ ...it.metadata(), jwks_uri: 'http://127.0.0.1:1/jwks' }),
      'metadata-jwks-uri',
    ],
    [
      'with an http jwks_uri off loopback',
      (it) => ({ ...it.metadata(), jwks_uri: 'http://other.example/jwks' }),
      'metadata-jwks-uri',
    ],
    [
      'with a file jwks_uri',
      (it) => ({ ...it.metadata(), jwks_uri: 'file:///etc/passwd' }),
      'metadata-jwks-uri',
    ],
    [
      'with credentials in jwks_uri',
      (it) => ({ ...it.metadata(), jwks_uri: it.origin.replace('//', '//a:b@') }),
      'metadata-jwks-uri',
    ],
    ['that are no object', () => [1], 'document-malformed'],
  ]
  for (const [name, document, reason] of metadata)
    test(`refuses metadata ${name}`, async () => {
      const issuer = await LoopbackIssuer.start()
      issuer.answers.set(rfc8414, (_, response) => response.end(JSON.stringify(document(issuer))))
      expect(await refusal(issuer.verifier().ready())).toBe(`verifier/keys-unavailable ${reason}`)
      expect(issuer.asked).toEqual([rfc8414])
    })

  test('follows to another origin only where jwksOrigins names it', async () => {
    const issuer = await LoopbackIssuer.start()
    const other = await LoopbackIssuer.start()
    other.keys = issuer.keys
    issuer.answers.set(rfc8414, (_, response) =>
      response.end(JSON.stringify({ issuer: issuer.issuer, jwks_uri: `${other.origin}/jwks` })),
    )
    expect(await refusal(issuer.verifier().ready())).toBe('verifier/keys-unavailable metadata-jwks-uri')
    const elsewhere = issuer.verifier({ jwksOrigins: ['http://127.0.0.1:1'] })
    expect(await refusal(elsewhere.ready())).toBe('verifier/keys-unavailable metadata-jwks-uri')
    const trusting = issuer.verifier({ jwksOrigins: [other.origin] })
    await trusting.verify(await issuer.mint())
  })
})

describe('a key set that hurts', () => {
  type Answer = (request: IncomingMessage, response: ServerResponse, issuer: LoopbackIssuer) => void
  const answers: readonly [string, Answer, string][] = [
    [
      'a redirect',
      (_, response, it) => response.writeHead(302, { location: `${it.origin}/elsewhere` }).end(),
      'document-status',
    ],
    ['status 500', (_, response) => response.writeHead(500).end(), 'document-status'],
    ['status 404', (_, response) => response.writeHead(404).end('{}'), 'document-status'],
    ['status 204', (_, response) => response.writeHead(204).end(), 'document-status'],
    [
      'more than 64 kB',
      (_, response) => response.end(`{"keys":[],"x":"${'x'.repeat(65_536)}"}`),
      'document-too-large',
    ],
    ['no JSON', (_, response) => response.end('<html>'), 'document-malformed'],
    ['no keys', (_, response) => response.end('{}'), 'document-malformed'],
    ['duplicate members', (_, response) => response.end('{"keys":[],"keys":[]}'), 'document-malformed'],
    ['a hung-up line', (request) => request.socket.destroy(), 'network'],
    [
      'a body that breaks off',
      (request, response) => void response.write('{"keys"', () => request.socket.destroy()),
      'network',
    ],
    ['no answer', () => undefined, 'timeout'],
    ['a body that never ends', (_, response) => void response.write('{"keys"'), 'timeout'],
  ]
  for (const [name, answer, reason] of answers)
    test(`refuses ${name}`, async () => {
      const issuer = await LoopbackIssuer.start()
      issuer.answers.set('/jwks', (request, response) => answer(request, response, issuer))
      // The one timer in these tests is the one under test
      const timeout = reason === 'timeout' ? 0.5 : 5
      expect(await refusal(issuer.verifier({ timeout }).ready())).toBe(`verifier/keys-unavailable ${reason}`)
      expect(issuer.asked).toEqual([rfc8414, '/jwks'])
    })

  test('an endless body is left as soon as 64 kB have come', async () => {
    const issuer = await LoopbackIssuer.start()
    const left = Promise.withResolvers<void>()
    issuer.answers.set('/jwks', (_, response) => {
      response.on('close', left.resolve)
      const pour = (error?: Error | null): unknown =>
        error || response.destroyed || setImmediate(() => response.write(' '.repeat(16_384), pour))
      pour()
    })
    expect(await refusal(issuer.verifier().ready())).toBe('verifier/keys-unavailable document-too-large')
    await left.promise
  })

  test('a fetch that heeds no signal is given up all the same', async () => {
    const issuer = await LoopbackIssuer.start()
    const verifier = issuer.verifier({ timeout: 0.02, fetch: () => new Promise<Response>(() => {}) })
    expect(await refusal(verifier.ready())).toBe('verifier/keys-unavailable timeout')
  })

  test('more than 100 keys are refused', async () => {
    const issuer = await LoopbackIssuer.start()
    const key = issuer.keys[0] ?? testKey()
    const keys = Array.from({ length: 101 }, (_, at) => ({ ...key.publicJwk, kid: `k${at}` }))
    issuer.answers.set('/jwks', (_, response) => response.end(JSON.stringify({ keys })))
    expect(await refusal(issuer.verifier().ready())).toBe('verifier/keys-unavailable document-malformed')
  })

  test('keys of an unknown type are passed over', async () => {
    const issuer = await LoopbackIssuer.start()
    const keys = [{ kty: 'NEW', kid: 'n' }, issuer.keys[0]?.publicJwk]
    issuer.answers.set('/jwks', (_, response) => response.end(JSON.stringify({ keys })))
    await issuer.verifier().verify(await issuer.mint())
  })

  test('no redirect, no credentials: what is asked of fetch', async () => {
    const issuer = await LoopbackIssuer.start()
    const seen: RequestInit[] = []
    const verifier = issuer.verifier({
      fetch: (url, init) => {
        seen.push(init)
        return fetch(url, init)
      },
    })
    await verifier.ready()
    for (const init of seen) expect(init).toMatchObject({ redirect: 'manual', credentials: 'omit' })
    expect(seen).toHaveLength(2)
  })
})
