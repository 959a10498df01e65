import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { refusal } from './fake-authority.ts'

const REALM = 'Bearer realm="https://auth.example.com"'

describe('/userinfo', () => {
  for (const method of ['GET', 'POST']) {
    test(`answers ${method} with a Bearer header, whatever the case of the scheme`, async () => {
      const { send, authority } = asking()
      for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
        const answer = await send(method, '/userinfo', { headers: { authorization: `${scheme} a.b-c` } })
        expect(answer.status).toBe(200)
        expect(answer.headers.get('cache-control')).toBe('no-store')
        expect(await answer.json()).toEqual({ sub: 'usr_ada' })
      }
      expect(authority.userinfoTokens).toEqual(['a.b-c', 'a.b-c', 'a.b-c'])
    })
  }

  test('answers a POST with the token in its form (RFC 6750 §2.2)', async () => {
    const { post, authority } = asking()
    expect((await post('/userinfo', { access_token: 'tok' })).status).toBe(200)
    expect(authority.userinfoTokens).toEqual(['tok'])
  })

  test('asks without an error code when nothing was sent, or another scheme (RFC 6750 §3.1)', async () => {
    const { get, post } = asking()
    const answers = [
      await get('/userinfo'),
      await get('/userinfo', { authorization: 'Basic eDp5' }),
      await post('/userinfo', ''),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe(REALM)
      expect(await answer.text()).toBe('')
    }
  })

  const malformed: readonly (readonly [
    name: string,
    path: string,
    headers: Record<string, string>,
    form?: string,
  ])[] = [
    ['a token in the query', '/userinfo?access_token=tok', {}],
    ['a token in the query and in the header', '/userinfo?access_token=tok', { authorization: 'Bearer tok' }],
    ['a bare scheme', '/userinfo', { authorization: 'Bearer' }],
    ['two tokens', '/userinfo', { authorization: 'Bearer a b' }],
    ['two headers', '/userinfo', { authorization: 'Bearer a, Bearer b' }],
    ['characters beyond b64token', '/userinfo', { authorization: 'Bearer "tok"' }],
    ['a token in header and form', '/userinfo', { authorization: 'Bearer tok' }, 'access_token=tok'],
    ['a repeated form parameter', '/userinfo', {}, 'access_token=a&access_token=b'],
  ]
  for (const [name, path, headers, form] of malformed) {
    test(`refuses ${name} with 400 invalid_request`, async () => {
      const { get, post, authority } = asking()
      const answer = form === undefined ? await get(path, headers) : await post(path, form, headers)
      expect(answer.status).toBe(400)
      expect(answer.headers.get('www-authenticate')).toMatch(
        /^Bearer realm="[^"]+", error="invalid_request", error_description="[^"]+"$/,
      )
      expect((await answer.json()).error).toBe('invalid_request')
      expect(authority.userinfoTokens).toEqual([])
    })
  }

  test('answers a bad token with 401 invalid_token', async () => {
    const { get, authority } = asking()
    authority.answers.userinfo = refusal('oauth/invalid_token', 'Cannot accept the token: it is expired')
    const answer = await get('/userinfo', { authorization: 'Bearer tok' })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(
      `${REALM}, error="invalid_token", error_description="Cannot accept the token: it is expired"`,
    )
  })

  test('answers a token without openid with 403 insufficient_scope and the scope it takes', async () => {
    const { get, authority } = asking()
    authority.answers.userinfo = refusal('oauth/insufficient_scope')
    const answer = await get('/userinfo', { authorization: 'Bearer tok' })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="openid"$/)
  })
})
