import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'

const allowed: readonly (readonly [path: string, allow: string])[] = [
  ['/.well-known/openid-configuration', 'GET, HEAD, OPTIONS'],
  ['/.well-known/oauth-authorization-server', 'GET, HEAD, OPTIONS'],
  ['/jwks.json', 'GET, HEAD, OPTIONS'],
  ['/authorize', 'GET, HEAD, POST'],
  ['/login', 'GET, HEAD, POST'],
  ['/consent', 'GET, HEAD, POST'],
  ['/token', 'POST, OPTIONS'],
  ['/userinfo', 'GET, HEAD, POST, OPTIONS'],
  ['/revoke', 'POST, OPTIONS'],
  ['/introspect', 'POST'],
  ['/logout', 'GET, HEAD, POST'],
  ['/logout/confirm', 'POST'],
  ['/revocations', 'GET, HEAD'],
  ['/healthz', 'GET, HEAD'],
  ['/readyz', 'GET, HEAD'],
  ['/', 'GET, HEAD'],
]

describe('methods', () => {
  for (const [path, allow] of allowed) {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
      const isAllowed = allow.split(', ').includes(method)
      test(`${method} ${path} is ${isAllowed ? 'not ' : ''}answered 405`, async () => {
        const { send } = asking()
        const answer = await send(method, path)
        if (isAllowed) return expect(answer.status).not.toBe(405)
        expect(answer.status).toBe(405)
        expect(answer.headers.get('allow')).toBe(allow)
      })
    }
  }

  test('HEAD has the headers of GET and no body', async () => {
    const { send, get } = asking()
    for (const path of ['/', '/jwks.json', '/authorize', '/healthz', '/.well-known/openid-configuration']) {
      const head = await send('HEAD', path)
      const full = await get(path)
      expect(await head.text()).toBe('')
      expect(head.status).toBe(full.status)
      expect(head.headers.get('content-type')).toBe(full.headers.get('content-type'))
      expect(head.headers.get('etag')).toBe(full.headers.get('etag'))
    }
  })

  test('HEAD of an endpoint that has only POST is answered 405', async () => {
    const answer = await asking().send('HEAD', '/token')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('POST, OPTIONS')
  })
})

describe('an unknown path', () => {
  test('is answered with a page to a person', async () => {
    const answer = await asking().get('/nowhere', { accept: 'text/html,application/xhtml+xml' })
    expect(answer.status).toBe(404)
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('vary')).toBe('Accept, Accept-Language')
    expect(await answer.text()).toContain('There is nothing here')
  })

  for (const accept of ['application/json', '*/*', '']) {
    test(`is answered with JSON to Accept: ${accept}`, async () => {
      const answer = await asking().get('/nowhere', accept === '' ? {} : { accept })
      expect(answer.status).toBe(404)
      expect(await answer.json()).toEqual(expect.objectContaining({ error: 'not_found' }))
    })
  }

  for (const path of ['/token/', '//token', '/TOKEN', '/token/x', '/tok%65n/', '/.well-known/jwks.json']) {
    test(`${path} is none of the endpoints`, async () => {
      const { post, authority } = asking()
      expect((await post(path, { grant_type: 'x' })).status).toBe(404)
      expect(authority.tokenRequests).toEqual([])
    })
  }

  test('is not shown back', async () => {
    const text = await (await asking().get('/%3Cscript%3Eevil', { accept: 'text/html' })).text()
    expect(text).not.toContain('evil')
  })
})
