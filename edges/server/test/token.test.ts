import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { refusal } from './fake-authority.ts'

const FORM = 'application/x-www-form-urlencoded'

describe('POST /token', () => {
  test('hands form, Authorization and address on, and answers as RFC 6749 §5.1 asks', async () => {
    const { authority, server } = asking()
    const request = new Request('https://auth.example.com/token', {
      method: 'POST',
      body: 'grant_type=client_credentials&resource=a&resource=b',
      headers: { 'content-type': FORM, authorization: 'Basic eDp5' },
    })
    const answer = await server.fetch(request, { address: '192.0.2.7', encrypted: true })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('pragma')).toBe('no-cache')
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(answer.headers.get('set-cookie')).toBeNull()
    expect(await answer.json()).toEqual({ access_token: 'at', token_type: 'Bearer', expires_in: 600 })
    const [asked] = authority.tokenRequests
    expect(asked?.form.one('grant_type')).toBe('client_credentials')
    expect(asked?.form.many('resource')).toEqual(['a', 'b'])
    expect(asked?.authorization).toBe('Basic eDp5')
    expect(asked?.network).toBe('192.0.2.7')
  })

  for (const type of [
    FORM,
    'Application/X-WWW-Form-Urlencoded',
    `${FORM}; charset=UTF-8`,
    `${FORM};charset="utf-8"`,
  ]) {
    test(`takes the content type ${type}`, async () => {
      expect((await asking().post('/token', 'grant_type=x', { 'content-type': type })).status).toBe(200)
    })
  }

  const wrongTypes = [
    'application/json',
    'text/plain',
    'multipart/form-data; boundary=x',
    `${FORM}x`,
    `${FORM}; charset=utf-16`,
    '',
    `x/y, ${FORM}`,
  ]
  for (const type of wrongTypes) {
    test(`refuses the content type "${type}" with 400 invalid_request`, async () => {
      const { post, authority } = asking()
      const answer = await post('/token', 'grant_type=x', { 'content-type': type })
      expect(answer.status).toBe(400)
      expect((await answer.json()).error).toBe('invalid_request')
      expect(authority.tokenRequests).toEqual([])
    })
  }

  const wrongBodies: readonly (readonly [name: string, body: string | Uint8Array<ArrayBuffer>])[] = [
    ['a repeated parameter (RFC 6749 §3.2)', 'grant_type=x&client_id=a&client_id=b'],
    ['a broken percent sign', 'grant_type=%zz'],
    ['a percent-encoded byte that is not UTF-8', 'grant_type=%ff'],
    ['bytes that are not UTF-8', new Uint8Array([0x61, 0x3d, 0xff])],
    ['a NUL', 'grant_type=a%00b'],
    ['65 parameters', Array.from({ length: 65 }, (_, i) => `p${i}=1`).join('&')],
  ]
  for (const [name, body] of wrongBodies) {
    test(`refuses ${name} with 400 invalid_request`, async () => {
      const { send, authority } = asking()
      const answer = await send('POST', '/token', { body, headers: { 'content-type': FORM } })
      expect(answer.status).toBe(400)
      expect((await answer.json()).error).toBe('invalid_request')
      expect(authority.tokenRequests).toEqual([])
    })
  }

  test('refuses a content coding', async () => {
    const answer = await asking().post('/token', 'grant_type=x', { 'content-encoding': 'gzip' })
    expect(answer.status).toBe(400)
  })

  test('refuses parameters in the query, where they would be logged', async () => {
    const { post, authority } = asking()
    expect((await post('/token?client_secret=s', 'grant_type=x')).status).toBe(400)
    expect(authority.tokenRequests).toEqual([])
  })

  test('takes 64 KiB and refuses one byte more with 413, with a declared length', async () => {
    const { post, authority } = asking()
    const full = `a=${'x'.repeat(65_534)}`
    expect((await post('/token', full, { 'content-length': '65536' })).status).toBe(200)
    const answer = await post('/token', `${full}x`, { 'content-length': '65537' })
    expect(answer.status).toBe(413)
    expect((await answer.json()).error).toBe('invalid_request')
    expect(authority.tokenRequests).toHaveLength(1)
  })

  test('refuses a body that is longer than it declared', async () => {
    const answer = await asking().post('/token', `a=${'x'.repeat(70_000)}`, { 'content-length': '10' })
    expect(answer.status).toBe(413)
  })

  for (const length of ['x', '-1', '1e1', '0x2', '65537', 'Infinity']) {
    test(`refuses Content-Length: ${length}`, async () => {
      expect((await asking().post('/token', 'a=b', { 'content-length': length })).status).toBe(413)
    })
  }

  test('stops reading a stream without a length when the cap is reached', async () => {
    let pulled = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1
        if (pulled > 100) controller.close()
        else controller.enqueue(new Uint8Array(16_384).fill(0x61))
      },
    })
    const request = streaming(body)
    expect((await asking().server.fetch(request, { encrypted: true })).status).toBe(413)
    expect(pulled).toBeLessThan(8)
  })

  test('answers 400 to a body that breaks off', async () => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.error(new Error('gone')),
    })
    const request = streaming(body)
    expect((await asking().server.fetch(request, { encrypted: true })).status).toBe(400)
  })

  test('refuses a query longer than 8 KiB with 414', async () => {
    const { get } = asking()
    expect((await get(`/authorize?state=${'x'.repeat(8186)}`)).status).toBe(200)
    expect((await get(`/authorize?state=${'x'.repeat(8187)}`)).status).toBe(414)
  })
})

describe('errors of POST /token', () => {
  const cases = [
    ['oauth/invalid_request', 400, 'invalid_request'],
    ['oauth/invalid_client', 401, 'invalid_client'],
    ['oauth/invalid_grant', 400, 'invalid_grant'],
    ['oauth/unauthorized_client', 400, 'unauthorized_client'],
    ['oauth/unsupported_grant_type', 400, 'unsupported_grant_type'],
    ['oauth/invalid_scope', 400, 'invalid_scope'],
    ['oauth/invalid_target', 400, 'invalid_target'],
    ['oauth/server_error', 500, 'server_error'],
    ['oauth/temporarily_unavailable', 503, 'temporarily_unavailable'],
    ['authority/claims', 500, 'server_error'],
    ['authority/settings', 500, 'server_error'],
  ] as const
  for (const [code, status, error] of cases) {
    test(`${code} is ${status} ${error}`, async () => {
      const { post, authority } = asking()
      authority.answers.token = refusal(code)
      const answer = await post('/token', { grant_type: 'x' })
      expect(answer.status).toBe(status)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('pragma')).toBe('no-cache')
      expect(answer.headers.get('content-type')).toBe('application/json')
      const body = await answer.json()
      expect(body.error).toBe(error)
      expect('error_description' in body).toBe(status < 500)
      expect(answer.headers.has('www-authenticate')).toBe(status === 401)
      expect(answer.headers.get('retry-after')).toBe(status === 503 ? '5' : null)
    })
  }

  test('invalid_client carries a Basic challenge (RFC 6749 §5.2)', async () => {
    const { post, authority } = asking()
    authority.answers.token = refusal('oauth/invalid_client')
    const answer = await post('/token', { grant_type: 'x' }, { authorization: 'Basic eDp5' })
    expect(answer.headers.get('www-authenticate')).toBe(
      'Basic realm="https://auth.example.com", charset="UTF-8"',
    )
  })

  test('a description keeps to the characters of RFC 6749 §5.2', async () => {
    const { post, authority } = asking()
    authority.answers.token = refusal('oauth/invalid_scope', 'Cannot: "x\\y" é\n')
    const { error_description } = await (await post('/token', { grant_type: 'x' })).json()
    expect(error_description).toBe("Cannot: 'x?y' ??")
  })

  test('a driver that is busy is 503 with Retry-After', async () => {
    const { post, authority } = asking()
    authority.answers.token = Object.assign(new Error('held by jwr_secret'), { code: 'store/busy' })
    const answer = await post('/token', { grant_type: 'x' })
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await answer.json()).toEqual({ error: 'temporarily_unavailable' })
  })

  test('an unknown error is server_error and says nothing', async () => {
    const { post, authority } = asking()
    authority.answers.token = new Error('relation sessions: value jwr_secret')
    const answer = await post('/token', { grant_type: 'x' })
    expect(answer.status).toBe(500)
    expect(await answer.json()).toEqual({ error: 'server_error' })
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
  })
})

function streaming(body: ReadableStream<Uint8Array>): Request {
  const init: RequestInit & { readonly duplex: 'half' } = {
    method: 'POST',
    body,
    headers: { 'content-type': FORM },
    duplex: 'half',
  }
  return new Request('https://auth.example.com/token', init)
}
