import { AuthorityError } from '@jotwarden/authority'
import { describe, expect, test } from 'vitest'
import { asking } from './asking.ts'
import { refusal } from './fake-authority.ts'

interface Line {
  readonly level: string
  readonly event: Record<string, unknown>
  readonly message: string
}

function logged() {
  const lines: Line[] = []
  const at =
    (level: string) =>
    (event: object, message: string): void => {
      lines.push({ level, event: { ...event }, message })
    }
  const logger = { info: at('info'), warn: at('warn'), error: at('error') }
  return { lines, ...asking({ logger }) }
}

describe('the log', () => {
  test('has one line a request: method, route, status, time and name', async () => {
    const { lines, get } = logged()
    const answer = await get('/authorize?client_id=notes&state=S3CRET')
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'request answered',
        event: {
          method: 'GET',
          route: '/authorize',
          status: 200,
          ms: expect.any(Number),
          request: answer.headers.get('x-request-id'),
        },
      },
    ])
  })

  test('names why a request was refused', async () => {
    const { lines, post, authority } = logged()
    authority.answers.token = refusal('oauth/invalid_grant')
    await post('/token', { grant_type: 'x' })
    expect(lines[0]?.event).toMatchObject({ route: '/token', status: 400, refusal: 'oauth/invalid_grant' })
  })

  test('does not name an unknown path', async () => {
    const { lines, get } = logged()
    await get('/S3CRET?S3CRET')
    expect(lines[0]?.event).toMatchObject({ route: '(none)', status: 404 })
    expect(JSON.stringify(lines)).not.toContain('S3CRET')
  })

  test('tells an unknown error by name, code and frames, never by its message', async () => {
    const { lines, post, authority } = logged()
    authority.answers.token = Object.assign(new Error('row (jwr_S3CRET)\n    at S3CRET'), {
      code: 'ECONNRESET',
    })
    await post('/token', { grant_type: 'x' })
    const failure = lines.find(({ level }) => level === 'error')
    expect(failure?.event).toMatchObject({
      route: '/token',
      error: { name: 'Error', code: 'ECONNRESET', frames: expect.any(Array) },
    })
    expect(JSON.stringify(lines)).not.toContain('S3CRET')
    expect(JSON.stringify(lines)).toContain('log.test.ts')
  })

  test('tells neither name nor code of an unknown error that look like something else', async () => {
    const { lines, post, authority } = logged()
    const deepest = Object.assign(new Error('x'), { code: 'S3CRET', name: 'S3CRET=1' })
    const cause = Object.assign(new Error('x', { cause: deepest }), { code: `E${'S3CRET'.repeat(6)}` })
    authority.answers.token = Object.assign(new Error('x', { cause }), { code: 'abc/S3CRET' })
    await post('/token', { grant_type: 'x' })
    expect(JSON.stringify(lines)).not.toContain('S3CRET')
    expect(lines[0]?.event.error).toMatchObject({ name: 'Error', cause: { cause: { name: 'Error' } } })
  })

  test('tells an error of ours with its message, and its causes', async () => {
    const { lines, post, authority } = logged()
    authority.answers.token = new AuthorityError('oauth/server_error', 'Cannot issue tokens: no key', {
      cause: new TypeError('S3CRET'),
    })
    await post('/token', { grant_type: 'x' })
    const failure = lines.find(({ level }) => level === 'error')
    expect(failure?.event.error).toMatchObject({
      code: 'oauth/server_error',
      message: 'Cannot issue tokens: no key',
      cause: { name: 'TypeError' },
    })
    expect(JSON.stringify(lines)).not.toContain('S3CRET')
  })

  test('holds no secret of any request, answered or refused', async () => {
    const { lines, get, post, authority } = logged()
    const secret = 'S3CRET'
    const headers = {
      authorization: `Bearer ${secret}`,
      cookie: `a=${secret}`,
      'user-agent': secret,
      referer: secret,
    }
    const ask = async (): Promise<void> => {
      await post(
        '/token',
        { grant_type: 'x', code: secret, client_secret: secret, refresh_token: secret },
        headers,
      )
      await post('/login', { interaction: secret, username: secret, password: secret }, headers)
      await post('/consent', { interaction: secret, decision: secret }, headers)
      await post('/userinfo', { access_token: secret }, headers)
      await post('/revoke', { token: secret, client_secret: secret }, headers)
      await post('/introspect', { token: secret, client_secret: secret }, headers)
      await get(`/logout?id_token_hint=${secret}&state=${secret}`, headers)
      await post('/logout', { id_token_hint: secret, state: secret }, headers)
      await post('/logout/confirm', { id_token_hint: secret, state: secret }, headers)
      await get(`/revocations?after=${secret}`, headers)
      await get('/revocations?mode=poll', headers)
      await get(`/userinfo?access_token=${secret}`, headers)
      await get('/userinfo', headers)
      await get(`/login?interaction=${secret}`, headers)
      await get(`/authorize?state=${secret}&state=${secret}`, headers)
    }
    await ask()
    authority.answers.token = new Error(secret)
    authority.answers.userinfo = new Error(secret)
    authority.answers.signIn = new Error(secret)
    authority.answers.resume = new Error(secret)
    authority.answers.revoke = new Error(secret)
    authority.answers.introspect = new Error(secret)
    authority.answers.logout = new Error(secret)
    authority.answers.feed = new Error(secret)
    await ask()
    expect(lines.length).toBeGreaterThan(30)
    expect(JSON.stringify(lines)).not.toContain(secret)
  })
})
