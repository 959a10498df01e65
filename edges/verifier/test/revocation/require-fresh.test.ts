import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { challengeResponse } from '@jotwarden/verifier'
import { describe, expect, test } from 'vitest'
import { audience, LoopbackIssuer, refusal } from '../loopback-issuer.ts'
import { CANARY, LoopbackFeed } from './loopback-feed.ts'

interface Asked {
  readonly method: string | undefined
  readonly headers: IncomingMessage['headers']
  readonly form: Record<string, string>
}

/** A verified token of an issuer that answers introspections with what the test says. */
async function verified(answer: unknown, status = 200) {
  const feed = await LoopbackFeed.start()
  const asked: Asked[] = []
  feed.issuer.endpoints.introspection_endpoint = `${feed.issuer.origin}/introspect`
  feed.issuer.answers.set('/introspect', async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)))
    asked.push({ method: request.method, headers: request.headers, form })
    const told: unknown = typeof answer === 'function' ? answer(feed.issuer) : answer
    response.writeHead(status).end(typeof told === 'string' ? told : JSON.stringify(told))
  })
  const verifier = feed.verifier({}, { timeout: 0.5 })
  const token = await feed.issuer.mint({ scope: 'read write', level: 1 })
  const auth = await verifier.verify(token)
  return { feed, asked, verifier, token, auth }
}

describe('AuthContext.requireFresh()', () => {
  test('asks as RFC 7662 §2.1 says, with the credential', async () => {
    const { asked, auth, token } = await verified({ active: true })
    await auth.requireFresh()
    expect(asked).toHaveLength(1)
    expect(asked[0]?.method).toBe('POST')
    expect(asked[0]?.form).toEqual({ token, token_type_hint: 'access_token' })
    const [, encoded = ''] = asked[0]?.headers.authorization?.split(' ') ?? []
    expect(decodeURIComponent(atob(encoded))).toBe(`api:${CANARY}`)
    expect(asked[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded')
  })

  test('answers a new context with what the issuer says now; the old one stays as it was', async () => {
    const { auth, token } = await verified({
      active: true,
      scope: 'read admin',
      level: 2,
      username: 'u',
      token_type: 'Bearer',
    })
    const fresh = await auth.requireFresh()
    expect(fresh).not.toBe(auth)
    expect([...fresh.scopes]).toEqual(['read', 'admin'])
    expect([fresh.has('admin'), fresh.has('write')]).toEqual([true, false])
    expect(fresh.claims).toEqual({
      ...auth.claims,
      scope: 'read admin',
      level: 2,
      username: 'u',
    })
    expect(fresh.token).toBe(token)
    expect([auth.has('write'), auth.has('admin'), auth.claims.level]).toEqual([true, false, 1])
    expect(Object.isFrozen(fresh.claims)).toBe(true)
    expect(await (await fresh.requireFresh()).requireFresh()).toEqual(fresh)
  })

  for (const answer of [{ active: true }, { active: true, scope: '' }])
    test(`${JSON.stringify(answer)} grants no scope`, async () => {
      const { auth } = await verified(answer)
      const fresh = await auth.requireFresh()
      expect(fresh.scopes.size).toBe(0)
      expect(fresh.claims.scope).toBeUndefined()
    })

  for (const aud of [audience, [audience]])
    test(`takes members that are equal to the token’s, with the audience ${JSON.stringify(aud)}`, async () => {
      const { auth } = await verified((issuer: LoopbackIssuer) => ({ active: true, ...issuer.claims(), aud }))
      const fresh = await auth.requireFresh()
      expect(fresh.claims).toEqual(auth.claims)
      expect(fresh.audience).toEqual([audience])
    })

  const differing: readonly [string, unknown][] = [
    ['iss', 'https://other.example'],
    ['sub', 'user-2'],
    ['aud', 'https://other.example'],
    ['aud', ['https://api.example', 'https://other.example']],
    ['exp', 1_800_000_601],
    ['iat', 1_799_999_999],
    ['jti', 'j2'],
    ['client_id', 'client-2'],
    ['sub', null],
  ]
  for (const [name, value] of differing)
    test(`refuses an answer whose ${name} is ${JSON.stringify(value)}`, async () => {
      const { auth } = await verified({ active: true, [name]: value })
      expect(await refusal(auth.requireFresh())).toBe('verifier/invalid-token introspection-differs')
    })

  test('refuses a token that the issuer calls inactive, as invalid_token', async () => {
    const { auth } = await verified({ active: false, scope: 'read' })
    expect(await refusal(auth.requireFresh())).toBe('verifier/invalid-token revoked')
  })

  test('refuses a token that the issuer calls bound to a key', async () => {
    const { auth } = await verified({ active: true, cnf: { jkt: 'A'.repeat(43) } })
    expect(await refusal(auth.requireFresh())).toBe('verifier/invalid-token sender-constrained')
  })

  const useless: readonly [string, unknown, number, string][] = [
    ['active as text', { active: 'true' }, 200, 'document-malformed'],
    ['no active', {}, 200, 'document-malformed'],
    ['active twice', '{"active":false,"active":true}', 200, 'document-malformed'],
    ['a list', [true], 200, 'document-malformed'],
    ['no JSON', '<html>', 200, 'document-malformed'],
    ['a scope that is none', { active: true, scope: 'a"b' }, 200, 'document-malformed'],
    ['a scope as a list', { active: true, scope: ['read'] }, 200, 'document-malformed'],
    ['more than 64 kB', { active: true, x: 'x'.repeat(65_536) }, 200, 'document-too-large'],
    ['a redirect', { active: true }, 302, 'document-status'],
    ['201', { active: true }, 201, 'document-status'],
    ['401', { active: true }, 401, 'document-status'],
    ['500', { active: true }, 500, 'document-status'],
  ]
  for (const [name, answer, status, reason] of useless)
    test(`cannot tell from ${name}: 503 with Retry-After`, async () => {
      const { auth, feed } = await verified(answer, status)
      const error = await auth.requireFresh().catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'verifier/freshness-unavailable', reason })
      const response = challengeResponse(error)
      expect(response.status).toBe(503)
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
      expect(feed.seen('refused')).toHaveLength(status === 401 ? 1 : 0)
    })

  test('cannot tell when nobody answers, or hangs up, or has gone', async () => {
    const { auth, feed } = await verified({ active: true })
    feed.issuer.answers.set('/introspect', () => undefined)
    expect(await refusal(auth.requireFresh())).toBe('verifier/freshness-unavailable timeout')
    feed.issuer.answers.set('/introspect', (request) => request.socket.destroy())
    expect(await refusal(auth.requireFresh())).toBe('verifier/freshness-unavailable network')
    await feed.issuer.stop()
    expect(await refusal(auth.requireFresh())).toBe('verifier/freshness-unavailable network')
  })

  test('does not go to another origin with the credential, unless it is written by hand', async () => {
    const feed = await LoopbackFeed.start()
    const other = await LoopbackIssuer.start()
    other.answers.set('/introspect', (_, response) => response.end('{"active":true}'))
    const elsewhere = `${other.origin}/introspect`
    feed.issuer.endpoints.introspection_endpoint = elsewhere
    const token = await feed.issuer.mint()
    const found = await feed.verifier().verify(token)
    expect(await refusal(found.requireFresh())).toBe('verifier/freshness-unavailable metadata-endpoint')
    expect(other.asked).toEqual([])
    const written = await feed.verifier({ introspectionEndpoint: elsewhere }).verify(token)
    expect(await refusal(written.requireFresh())).toBe('accepted')
  })

  test('needs a credential', async () => {
    const issuer = await LoopbackIssuer.start()
    const auth = await issuer.verifier().verify(await issuer.mint())
    expect(await refusal(auth.requireFresh())).toBe('verifier/options')
  })

  test('is not shown by logging, JSON or spreading', async () => {
    const { auth } = await verified({ active: true })
    for (const shown of [inspect(auth), JSON.stringify(auth), ...Object.keys({ ...auth })])
      expect(shown).not.toContain('requireFresh')
  })
})
