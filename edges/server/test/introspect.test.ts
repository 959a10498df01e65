import { beforeEach, describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { browser } from './browser.ts'
import { signIn, type Tokens } from './tokens.ts'
import { API, type World, world } from './world.ts'

const INACTIVE = '{"active":false}'

describe('POST /introspect over a true authority (RFC 7662)', () => {
  let made: World
  let tokens: Tokens
  beforeEach(async () => {
    made = await world()
    tokens = await signIn(made, browser(made.server, made.issuer))
  })

  const introspect = (token: string, by: 'shop' | 'api' | 'mail' = 'api'): Promise<Response> =>
    made.post('/introspect', { token }, made.basic(by))

  test('tells the resource server that the token is for what is true of it', async () => {
    const answer = await introspect(tokens.access_token)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect(await answer.json()).toMatchObject({
      active: true,
      token_type: 'Bearer',
      iss: made.issuer,
      sub: made.subject,
      client_id: 'notes',
      aud: expect.arrayContaining([API]),
      scope: 'openid profile notes:read',
    })
  })

  test('tells another resource server nothing but that it is not active for it', async () => {
    expect(await (await introspect(tokens.access_token, 'mail')).text()).toBe(INACTIVE)
  })

  test('tells nothing of tokens that are revoked, expired, forged, or none', async () => {
    const { time } = made
    expect((await (await introspect(tokens.access_token)).json()).active).toBe(true)
    const forged = `${tokens.access_token.slice(0, -8)}AAAAAAAA`
    for (const token of [forged, 'nonsense', tokens.id_token, tokens.refresh_token])
      expect(await (await introspect(token)).text()).toBe(INACTIVE)

    time.now += 700
    expect(await (await introspect(tokens.access_token)).text(), 'expired').toBe(INACTIVE)
    time.now -= 700
    await made.authority.sessions.end({ subject: made.subject })
    expect(await (await introspect(tokens.access_token)).text(), 'revoked').toBe(INACTIVE)
  })

  test('refuses a client that is no resource server with unauthorized_client', async () => {
    const answer = await introspect(tokens.access_token, 'shop')
    expect([answer.status, (await answer.json()).error]).toEqual([400, 'unauthorized_client'])
  })

  test('refuses who does not say who they are with 401 and a challenge (§2.1)', async () => {
    for (const form of [{ token: 't' }, { token: 't', client_id: 'notes' }]) {
      const answer = await made.post('/introspect', form)
      const { error } = await answer.json()
      const isPublic = 'client_id' in form
      expect([answer.status, error]).toEqual(
        isPublic ? [400, 'unauthorized_client'] : [401, 'invalid_client'],
      )
      expect(answer.headers.has('www-authenticate')).toBe(!isPublic)
    }
  })

  test('takes the secret from the form as well', async () => {
    const [id, secret] = atob(made.basic('api').authorization.slice(6)).split(':')
    const form = { token: tokens.access_token, client_id: id ?? '', client_secret: secret ?? '' }
    expect((await (await made.post('/introspect', form)).json()).active).toBe(true)
  })
})

describe('POST /introspect', () => {
  test('refuses parameters in the query, where they would be logged', async () => {
    const { post, authority } = asking()
    expect((await post('/introspect?token=t', { token: 't' })).status).toBe(400)
    expect(authority.introspections).toEqual([])
  })

  test('while the store is busy is 503 with Retry-After, and never an answer', async () => {
    const { post, authority } = asking()
    authority.answers.introspect = Object.assign(new Error('busy'), { code: 'store/busy' })
    const answer = await post('/introspect', { token: 't' })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toEqual({ error: 'temporarily_unavailable' })
  })
})
