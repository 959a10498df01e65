import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { accessStatus, grantedTokens, newCode, refreshStatus } from './granted-tokens.ts'
import { type Ended, jotwarden, type Running } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

let deployment: Deployment
let server: Running

beforeAll(async () => {
  deployment = await deployed()
  server = await deployment.start()
})

afterAll(async () => {
  await server.stop()
})

describe('jotwarden sessions list', () => {
  test('lists the live sessions of a user, a subject and a client, newest first', async () => {
    const cookie = await signedInCookie(deployment)
    const older = await grantedTokens(deployment, cookie)
    const newer = await grantedTokens(deployment, cookie)
    for (const of of [
      ['--user', 'ada'],
      ['--user', 'ＡＤＡ'],
      ['--subject', older.claims.sub],
      ['--client', 'app'],
    ]) {
      const { code, stdout } = await run(['sessions', 'list', ...of, '--json'])
      expect(code).toBe(0)
      const sessions: readonly Record<string, unknown>[] = JSON.parse(stdout)
      expect(sessions.map(({ session }) => session).slice(0, 2)).toEqual([newer.claims.sid, older.claims.sid])
      expect(sessions[0]).toEqual({
        session: newer.claims.sid,
        client: 'app',
        subject: newer.claims.sub,
        username: 'ada',
        scope: 'openid orders:read',
        created_at: expect.any(Number),
        refreshed_at: null,
        expires_at: expect.any(Number),
      })
    }
    const { stdout } = await run(['sessions', 'list', '--client', 'app'])
    expect(stdout).toMatch(/^SESSION +CLIENT +USER +SCOPE +STARTED +ROTATED +ENDS$/m)
    expect(stdout).toMatch(
      new RegExp(
        `^${newer.claims.sid} +app +ada +openid orders:read +[0-9-]+ [0-9:]+Z +– +[0-9-]+ [0-9:]+Z$`,
        'm',
      ),
    )
    for (const secret of [older.refresh, newer.refresh]) expect(stdout).not.toContain(secret)
  })

  test('says so when there are none', async () => {
    const { code, stdout } = await run(['sessions', 'list', '--client', 'other'])
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'There are no live sessions.\n' })
    expect((await run(['sessions', 'list', '--client', 'other', '--json'])).stdout).toBe('[]\n')
  })

  test('ends with 2 unless exactly one of user, subject and client is named', async () => {
    for (const of of [[], ['--user', 'ada', '--client', 'app'], ['--user', 'ada', '--subject', 'usr_x']]) {
      const { code, stdout, stderr } = await run(['sessions', 'list', ...of])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('exactly one of --user, --subject or --client')
    }
  })

  test('ends with 1 for a username and a client that nobody has', async () => {
    expect(await refusal(['sessions', 'list', '--user', 'nobody'])).toBe('authority/account-unknown')
    expect(await refusal(['sessions', 'list', '--client', 'nobody'])).toBe('authority/client-unknown')
  })
})

describe('jotwarden sessions revoke', () => {
  test('ends one session without a question: no refresh, no access; others go on; twice is no failure', async () => {
    const cookie = await signedInCookie(deployment)
    const one = await grantedTokens(deployment, cookie)
    const other = await grantedTokens(deployment, cookie)
    const revoke = ['sessions', 'revoke', '--', one.claims.sid]
    const { code, stdout } = await run(revoke)
    expect(code).toBe(0)
    expect(stdout).toContain(`Ended the session ${one.claims.sid}`)
    expect(stdout).toContain(
      'verifiers that follow the revocation feed refuse its access tokens within a second',
    )
    expect([await refreshStatus(deployment, one), await accessStatus(deployment, one)]).toEqual([400, 401])
    expect([await refreshStatus(deployment, other), await accessStatus(deployment, other)]).toEqual([
      200, 200,
    ])

    const again = await run(revoke)
    expect(again.code).toBe(0)
    expect(again.stdout).toContain('had ended before')
    const json = await run(['sessions', 'revoke', '--json', '--', one.claims.sid])
    expect({ code: json.code, answer: JSON.parse(json.stdout) }).toEqual({
      code: 0,
      answer: { session: one.claims.sid, ended: 0 },
    })
  })

  test('refuses what is unknown with 1 and a code, and ends nothing', async () => {
    const live = await grantedTokens(deployment, await signedInCookie(deployment))
    const wrong = [
      [['AAAAAAAAAAAAAAAAAAAAAA'], 'authority/selector'],
      [['--login', 'AAAAAAAAAAAAAAAAAAAAAA', '--yes'], 'authority/selector'],
      [['--user', 'nobody', '--yes'], 'authority/account-unknown'],
      [['--client', 'nobody', '--yes'], 'authority/client-unknown'],
      [['--subject', '', '--yes'], 'authority/selector'],
    ] as const
    for (const [words, code] of wrong) {
      expect(await refusal(['sessions', 'revoke', ...words])).toBe(code)
    }
    expect([await refreshStatus(deployment, live), await accessStatus(deployment, live)]).toEqual([200, 200])
  })

  test('ends with 2 unless exactly one thing is named, and when it cannot ask', async () => {
    const live = await grantedTokens(deployment, await signedInCookie(deployment))
    const { sid, sub, login } = live.claims
    for (const words of [[], ['--everyone', '--user', 'ada'], ['--client', 'app', '--', sid]]) {
      const { code, stdout, stderr } = await run(['sessions', 'revoke', '--yes', ...words])
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toContain('exactly one of')
    }
    const wide = [
      ['--user', 'ada'],
      ['--subject', sub],
      ['--client', 'app'],
      ['--login', login],
      ['--everyone'],
    ]
    for (const words of wide) {
      const { code, stderr } = await run(['sessions', 'revoke', ...words])
      expect(code).toBe(2)
      expect(stderr).toContain('--yes')
    }
    expect(await refreshStatus(deployment, live)).toBe(200)
  })

  test('--login ends the login and the sessions under it, and no other login of the person', async () => {
    const cookie = await signedInCookie(deployment)
    const under = [await grantedTokens(deployment, cookie), await grantedTokens(deployment, cookie)]
    const elsewhere = await grantedTokens(deployment, await signedInCookie(deployment))
    const login = under[0]?.claims.login ?? ''
    const { stdout } = await run(['sessions', 'revoke', '--login', login, '--yes', '--json'])
    expect(JSON.parse(stdout)).toEqual({ login, ended: 2 })
    for (const one of under) expect(await refreshStatus(deployment, one)).toBe(400)
    expect(await newCode(deployment, cookie)).toBeNull()
    expect(await refreshStatus(deployment, elsewhere)).toBe(200)
  })

  for (const by of ['user', 'subject', 'client'] as const) {
    test(`--${by} ends every session of it: no refresh, no access`, async () => {
      await run(['sessions', 'revoke', '--user', 'ada', '--yes'])
      const cookie = await signedInCookie(deployment)
      const two = [await grantedTokens(deployment, cookie), await grantedTokens(deployment, cookie)]
      const value = { user: 'ada', subject: two[0]?.claims.sub ?? '', client: 'app' }[by]
      const { code, stdout } = await run(['sessions', 'revoke', `--${by}`, value, '--yes'])
      expect(code).toBe(0)
      expect(stdout).toContain(`Ended 2 live sessions of the ${by} ${value}`)
      for (const one of two)
        expect([await refreshStatus(deployment, one), await accessStatus(deployment, one)]).toEqual([
          400, 401,
        ])
      expect(await newCode(deployment, cookie)).toBeNull()
      const again = await run(['sessions', 'revoke', `--${by}`, value, '--yes', '--json'])
      expect(JSON.parse(again.stdout)).toEqual({ [by]: value, ended: 0 })
    })
  }

  test('--client leaves the sessions of other clients alone', async () => {
    const other = await grantedTokens(deployment, await signedInCookie(deployment), 'other')
    expect((await run(['sessions', 'revoke', '--client', 'app', '--yes'])).code).toBe(0)
    expect([await refreshStatus(deployment, other), await accessStatus(deployment, other)]).toEqual([
      200, 200,
    ])
  })

  test('--everyone refuses whatever was issued until now, and people can sign in again', async () => {
    const cookie = await signedInCookie(deployment)
    const before = await grantedTokens(deployment, cookie)
    const { code, stdout } = await run(['sessions', 'revoke', '--everyone', '--yes', '--json'])
    expect({ code, answer: JSON.parse(stdout) }).toEqual({ code: 0, answer: { everyone: true, ended: null } })
    expect([await refreshStatus(deployment, before), await accessStatus(deployment, before)]).toEqual([
      400, 401,
    ])
    expect(await newCode(deployment, cookie)).toBeNull()
    const after = await grantedTokens(deployment, await signedInCookie(deployment))
    expect([await refreshStatus(deployment, after), await accessStatus(deployment, after)]).toEqual([
      200, 200,
    ])
  })
})

for (const command of ['sessions list', 'sessions revoke']) {
  test(`jotwarden ${command} --help shows examples`, async () => {
    const { code, stdout } = await run([...command.split(' '), '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Examples:\n  jotwarden ${command}`)
  })
}

for (const words of [
  ['sessions', 'list', '--user', 'ada'],
  ['sessions', 'revoke', 'x'],
  ['tokens', 'revoke', '--jti', 'x'],
  ['events', 'list'],
  ['events', 'tail'],
  ['keys', 'list'],
  ['keys', 'compromise', 'x', '--yes'],
]) {
  test(`jotwarden ${words.join(' ')} --dev acts on the development state, and says when there is none`, async () => {
    const { code, stdout, stderr } = await run([...words, '--dev'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('serve --dev')
  })
}

/** The code with which a command refuses, having ended with 1 and written nothing to stdout. */
async function refusal(words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run([...words, '--json'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return JSON.parse(stderr).error.code
}

function run(words: readonly string[]): Promise<Ended> {
  return jotwarden(words, { folder: deployment.folder })
}
