import { beforeEach, describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { browser } from './browser.ts'
import { refusal } from './fake-authority.ts'
import { refresh, signIn, type Tokens } from './tokens.ts'
import { type World, world } from './world.ts'

describe('POST /revoke over a true authority (RFC 7009)', () => {
  let made: World
  let tokens: Tokens
  beforeEach(async () => {
    made = await world()
    tokens = await signIn(made, browser(made.server, made.issuer))
  })

  const revoke = (token: string, headers: Record<string, string> = {}): Promise<Response> =>
    made.post(
      '/revoke',
      { token, ...(headers.authorization === undefined ? { client_id: 'notes' } : {}) },
      headers,
    )
  const userinfo = async (token: string): Promise<number> =>
    (await made.ask('/userinfo', { headers: { authorization: `Bearer ${token}` } })).status
  const isActive = async (token: string): Promise<boolean> =>
    (await (await made.post('/introspect', { token }, made.basic('api'))).json()).active

  test('of a refresh token ends its session: no refresh, and its access token is refused', async () => {
    const answer = await revoke(tokens.refresh_token)
    expect([answer.status, await answer.text()]).toEqual([200, ''])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect((await refresh(made, tokens.refresh_token)).status).toBe(400)
    expect(await userinfo(tokens.access_token)).toBe(401)
    expect(await isActive(tokens.access_token)).toBe(false)
  })

  test('of a refresh token that was used already ends the session too', async () => {
    const newer = await (await refresh(made, tokens.refresh_token)).json()
    expect((await revoke(tokens.refresh_token)).status).toBe(200)
    expect((await refresh(made, newer.refresh_token)).status).toBe(400)
    expect(await userinfo(newer.access_token)).toBe(401)
  })

  test('of an access token refuses it alone', async () => {
    expect([await userinfo(tokens.access_token), await isActive(tokens.access_token)]).toEqual([200, true])
    expect((await revoke(tokens.access_token)).status).toBe(200)
    expect([await userinfo(tokens.access_token), await isActive(tokens.access_token)]).toEqual([401, false])
    const refreshed = await refresh(made, tokens.refresh_token)
    expect(refreshed.status).toBe(200)
    expect(await userinfo((await refreshed.json()).access_token)).toBe(200)
  })

  test('of what is unknown, forged or revoked already is answered 200 with nothing in it (§2.2)', async () => {
    await revoke(tokens.access_token)
    const before = await made.authority.revocation.head()
    const forged = `${tokens.access_token.slice(0, -8)}AAAAAAAA`
    for (const token of ['nonsense', `jwr_${'x'.repeat(43)}`, forged, tokens.access_token]) {
      const answer = await revoke(token)
      expect([answer.status, await answer.text()], token.slice(0, 4)).toEqual([200, ''])
    }
    expect(await made.authority.revocation.head()).toEqual(before)
  })

  test("of another client's token is refused with invalid_grant and changes nothing (§2.1)", async () => {
    for (const token of [tokens.refresh_token, tokens.access_token]) {
      const answer = await revoke(token, made.basic('shop'))
      expect([answer.status, (await answer.json()).error]).toEqual([400, 'invalid_grant'])
    }
    expect(await userinfo(tokens.access_token)).toBe(200)
    expect((await refresh(made, tokens.refresh_token)).status).toBe(200)
    expect((await made.authority.revocation.head()).number).toBe(0)
  })

  test('of an ID token is refused with unsupported_token_type (§2.2.1)', async () => {
    const answer = await revoke(tokens.id_token)
    expect([answer.status, (await answer.json()).error]).toEqual([400, 'unsupported_token_type'])
  })

  test('does not care about a wrong token_type_hint (§2.1)', async () => {
    const form = { token: tokens.refresh_token, token_type_hint: 'access_token', client_id: 'notes' }
    expect((await made.post('/revoke', form)).status).toBe(200)
    expect((await refresh(made, tokens.refresh_token)).status).toBe(400)
  })

  test('by nobody, or with a wrong secret, is answered 401 with a challenge and revokes nothing', async () => {
    const wrong = { authorization: `Basic ${Buffer.from('shop:wrong').toString('base64')}` }
    const answers = [
      await made.post('/revoke', { token: tokens.refresh_token }),
      await made.post('/revoke', { token: tokens.refresh_token }, wrong),
    ]
    for (const answer of answers) {
      expect([answer.status, (await answer.json()).error]).toEqual([401, 'invalid_client'])
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic realm="https:\/\/auth\.example\.com"/)
    }
    expect((await refresh(made, tokens.refresh_token)).status).toBe(200)
  })

  test('without a token is refused with invalid_request', async () => {
    const answer = await made.post('/revoke', { client_id: 'notes' })
    expect([answer.status, (await answer.json()).error]).toEqual([400, 'invalid_request'])
  })
})

describe('POST /revoke', () => {
  test('hands form, Authorization and address on', async () => {
    const { authority, server } = asking()
    const request = new Request('https://auth.example.com/revoke', {
      method: 'POST',
      body: 'token=t&token_type_hint=refresh_token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: 'Basic eDp5' },
    })
    await server.fetch(request, { address: '192.0.2.7', encrypted: true })
    expect(authority.revocations).toEqual([
      expect.objectContaining({ authorization: 'Basic eDp5', network: '192.0.2.7' }),
    ])
    expect(authority.revocations[0]?.form.one('token')).toBe('t')
  })

  test('refuses parameters in the query, where they would be logged', async () => {
    const { post, authority } = asking()
    expect((await post('/revoke?token=t', { token: 't' })).status).toBe(400)
    expect(authority.revocations).toEqual([])
  })

  test('while the store is busy is 503 with Retry-After (§2.2.1)', async () => {
    const { post, authority } = asking()
    authority.answers.revoke = Object.assign(new Error('busy'), { code: 'store/busy' })
    const answer = await post('/revoke', { token: 't' })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  })

  test('says server_error when the authority cannot decide what was meant', async () => {
    const { post, authority } = asking()
    authority.answers.revoke = refusal('authority/selector')
    const answer = await post('/revoke', { token: 't' })
    expect([answer.status, await answer.json()]).toEqual([500, { error: 'server_error' }])
  })
})
