import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askToken } from '../src/output/ask.ts'
import { type Deployment, deployed } from './deployment.ts'
import { accessStatus, type GrantedTokens, grantedTokens, refreshStatus } from './granted-tokens.ts'
import { type Ended, jotwarden, type Running, type RunOptions } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

let deployment: Deployment
let server: Running
let cookie: string

beforeAll(async () => {
  deployment = await deployed()
  server = await deployment.start()
  cookie = await signedInCookie(deployment)
})

afterAll(async () => {
  await server.stop()
})

describe('jotwarden tokens revoke', () => {
  test('a refresh token on standard input ends its session, once', async () => {
    const tokens = await grantedTokens(deployment, cookie)
    expect(await revoke(tokens.refresh)).toEqual({ code: 0, stdout: 'revoked\n', stderr: '' })
    expect(await statuses(tokens)).toEqual({ refresh: 400, access: 401 })
    expect(await revoke(tokens.refresh)).toEqual({ code: 1, stdout: NOTHING, stderr: '' })
    const json = await revoke(tokens.refresh, ['--json'])
    expect(json).toEqual({ code: 1, stdout: '{"outcome":"nothing-to-revoke"}\n', stderr: '' })
  })

  test('an access token on standard input is refused, and its session goes on', async () => {
    const tokens = await grantedTokens(deployment, cookie)
    const answer = await revoke(`${tokens.access}\n`, ['--json'])
    expect(answer).toEqual({ code: 0, stdout: '{"outcome":"revoked"}\n', stderr: '' })
    expect(await statuses(tokens)).toEqual({ refresh: 200, access: 401 })
  })

  test('--jti refuses the access token with this id, and its session goes on', async () => {
    const tokens = await grantedTokens(deployment, cookie)
    expect(await accessStatus(deployment, tokens)).toBe(200)
    const { code, stdout } = await run(['tokens', 'revoke', '--jti', tokens.claims.jti])
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'revoked: an access token with this id is refused from now on (ids are not looked up)\n',
    })
    expect(await statuses(tokens)).toEqual({ refresh: 200, access: 401 })
  })

  test('refuses an ID token with 1 and its code, and does not repeat it', async () => {
    const { id } = await grantedTokens(deployment, cookie)
    const { code, stdout, stderr } = await revoke(id, ['--json'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(JSON.parse(stderr).error.code).toBe('oauth/unsupported_token_type')
    expect(stderr).not.toContain(id.slice(-20))
    expect((await revoke(id)).stderr).toMatch(/^error: Cannot revoke the token: [^\n]+\n$/)
  })

  test('finds nothing to revoke in a forged token, nor in what is none', async () => {
    const { access, refresh, claims } = await grantedTokens(deployment, cookie)
    for (const forged of [
      `${access.slice(0, -20)}${'A'.repeat(20)}`,
      `${refresh.slice(0, -20)}${'A'.repeat(20)}`,
      'x',
    ]) {
      expect(await revoke(forged)).toEqual({ code: 1, stdout: NOTHING, stderr: '' })
    }
    const { stdout } = await run(['sessions', 'list', '--client', 'app'])
    expect(stdout).toContain(claims.sid)
  })

  for (const [name, stdin] of [
    ['nothing', ''],
    ['two lines', 'jwr_one\njwr_two\n'],
    ['more than any token', 'x'.repeat(70_000)],
  ] as const) {
    test(`refuses ${name} on standard input with 1`, async () => {
      const { code, stdout, stderr } = await revoke(stdin)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^error: Cannot take the token: /)
      expect(stderr).not.toContain('jwr_')
    })
  }

  test('takes no token as an argument, says why, does not repeat it, and revokes nothing', async () => {
    const tokens = await grantedTokens(deployment, cookie)
    for (const token of [tokens.refresh, tokens.access]) {
      for (const words of [
        [token],
        [`--token=${token}`],
        ['--token', token],
        ['--jti', token],
        [`--jti=${token}`],
      ]) {
        const { code, stdout, stderr } = await run(['tokens', 'revoke', ...words])
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toContain('other users see arguments')
        expect(stderr).toContain('Pipe it in')
        expect(stderr).not.toContain(token.slice(-20))
      }
    }
    expect(await statuses(tokens)).toEqual({ refresh: 200, access: 200 })
  })

  test('no command repeats a token that stands in the wrong place', async () => {
    const tokens = await grantedTokens(deployment, cookie)
    for (const token of [tokens.refresh, tokens.access]) {
      for (const words of [['tokens', token], [token], ['sessions', 'revoke', token], ['sessions', token]]) {
        const { code, stdout, stderr } = await run(words)
        expect(code).toBeGreaterThan(0)
        expect(stderr).not.toBe('')
        expect(stdout + stderr).not.toContain(token.slice(-20))
      }
    }
  })

  test('events name what was revoked by its id, and hold no token', async () => {
    const tokens = await grantedTokens(deployment, cookie)
    await revoke(tokens.access)
    await revoke(tokens.refresh)
    const list = await run(['events', 'list', '--json', '--limit', '1000'])
    expect(list.stdout).toContain(tokens.claims.jti)
    for (const token of [tokens.access, tokens.refresh]) expect(list.stdout).not.toContain(token.slice(-20))
  })

  test('--help shows examples', async () => {
    const { code, stdout } = await run(['tokens', 'revoke', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Examples:\n  jotwarden tokens revoke')
  })
})

test('askToken() takes what is pasted and does not show it', async () => {
  const stdin = new PassThrough()
  const stderr = new PassThrough()
  let shown = ''
  stderr.on('data', (chunk) => {
    shown += chunk
  })
  const asked = askToken({ stdin, stdout: new PassThrough(), stderr, environment: {}, folder: '.' })
  await expect.poll(() => shown).toContain('The token')
  stdin.write('jwr_canary')
  stdin.write('\r')
  expect(await asked).toBe('jwr_canary')
  expect(shown).not.toContain('canary')
})

/** Revokes what stands on standard input; none of it may come out again. */
async function revoke(token: string, words: readonly string[] = []): Promise<Ended> {
  const ended = await run(['tokens', 'revoke', ...words], { stdin: token })
  if (token.length > 40) expect(ended.stdout + ended.stderr).not.toContain(token.trim().slice(-20))
  return ended
}

async function statuses(tokens: GrantedTokens) {
  const access = await accessStatus(deployment, tokens)
  return { refresh: await refreshStatus(deployment, tokens), access }
}

function run(words: readonly string[], options: Omit<RunOptions, 'folder'> = {}): Promise<Ended> {
  return jotwarden(words, { folder: deployment.folder, ...options })
}

const NOTHING =
  'nothing to revoke: this is no token of this issuer, or it has expired or was revoked before\n'
