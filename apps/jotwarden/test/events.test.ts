import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createMemoryStores } from '@jotwarden/store-memory'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { newestEvents } from '../src/commands/newest-events.ts'
import { type Deployment, deployed } from './deployment.ts'
import { type GrantedTokens, grantedTokens } from './granted-tokens.ts'
import { bin, type Ended, jotwarden, type Running } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

interface Event {
  readonly number: number
  readonly type: string
  readonly [member: string]: unknown
}

let deployment: Deployment
let server: Running
let revoked: GrantedTokens

beforeAll(async () => {
  deployment = await deployed()
  server = await deployment.start()
  const cookie = await signedInCookie(deployment)
  revoked = await grantedTokens(deployment, cookie)
  await grantedTokens(deployment, cookie, 'other')
  await run(['sessions', 'revoke', '--', revoked.claims.sid])
})

afterAll(async () => {
  await server.stop()
})

describe('jotwarden events list', () => {
  test('shows what happened, to whom and why; with --json every member', async () => {
    const { sid, sub } = revoked.claims
    const events = await listed(['--type', 'session-ended'])
    expect(events).toEqual([
      {
        number: expect.any(Number),
        type: 'session-ended',
        at: expect.any(Number),
        count: 1,
        session: sid,
        subject: sub,
        client: 'app',
        cause: 'administrator',
      },
    ])
    const { code, stdout } = await run(['events', 'list', '--type', 'session-ended'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^NUMBER +TIME +TYPE +ABOUT +CAUSE +COUNT$/m)
    expect(stdout).toMatch(/^[0-9]+ +[0-9-]+ [0-9:]+Z +session-ended +ada \(app\) +administrator +1$/m)
  })

  test('shows the newest that match, oldest first', async () => {
    const all = await listed([])
    expect(all.map(({ type }) => type)).toEqual(expect.arrayContaining(['account-added', 'key-created']))
    expect(all.map(({ number }) => number)).toEqual(all.map(({ number }) => number).toSorted((a, b) => a - b))
    expect(await listed(['--limit', '3'])).toEqual(all.slice(-3))
    const third = all[2]?.number ?? 0
    expect(await listed(['--after', String(third)])).toEqual(all.filter(({ number }) => number > third))
  })

  test('filters by types, user, subject and client', async () => {
    const all = await listed([])
    const { sub } = revoked.claims
    const filters: readonly (readonly [readonly string[], (event: Event) => boolean])[] = [
      [['--type', 'client-added', 'account-added'], ({ type }) => /^(client|account)-added$/.test(type)],
      [['--user', 'ada'], ({ subject }) => subject === sub],
      [
        ['--subject', sub, '--client', 'other'],
        ({ subject, client }) => subject === sub && client === 'other',
      ],
      [['--client', 'app'], ({ client }) => client === 'app'],
    ]
    for (const [words, matches] of filters) {
      const found = await listed(words)
      expect(found).not.toEqual([])
      expect(found.length).toBeLessThan(all.length)
      expect(found).toEqual(all.filter(matches))
    }
    expect((await run(['events', 'list', '--client', 'nobody'])).stdout).toBe('There are no such events.\n')
  })

  const misuse = [
    ['--user and --subject', ['--user', 'ada', '--subject', 'usr_x']],
    ['a limit of 0', ['--limit', '0']],
    ['a limit that is no number', ['--limit', '5x']],
    ['a number before the first', ['--after=-1']],
    ['a type that there is not', ['--type', 'nonsense']],
  ] as const
  for (const [name, words] of misuse) {
    for (const act of ['list', 'tail']) {
      test(`${act} with ${name} ends with 2`, async () => {
        const { code, stdout, stderr } = await run(['events', act, ...words])
        expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
        expect(stderr).toMatch(/^error: /)
      })
    }
  }

  test('refuses a username that nobody has with 1', async () => {
    const { code, stderr } = await run(['events', 'list', '--user', 'nobody', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'authority/account-unknown',
      remedy: expect.stringContaining('--subject'),
    })
  })
})

test('newestEvents() finds the newest of a long log, wherever they stand', async () => {
  const stores = createMemoryStores()
  const types = Array.from({ length: 2500 }, (_, n) => (n % 1200 === 7 ? 'client-added' : 'key-created'))
  await stores.events.record(
    'i',
    types.map((type) => ({ type: type as 'key-created', at: 1 })),
  )
  const found = async (after: number, upTo: number, limit: number) =>
    (
      await newestEvents(
        { stores, issuer: 'i' },
        { after, upTo, limit },
        ({ type }) => type === 'client-added',
      )
    ).map(({ number }) => number)
  expect(await found(0, 2500, 50)).toEqual([8, 1208, 2408])
  expect(await found(0, 2500, 2)).toEqual([1208, 2408])
  expect(await found(8, 2407, 50)).toEqual([1208])
  expect(await found(0, 0, 50)).toEqual([])
})

describe('jotwarden events tail', () => {
  const children: ChildProcess[] = []
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
  })

  test('prints the last ten, then what another process causes, and ends with 0 on SIGTERM', async () => {
    const newest = (await listed([])).slice(-10)
    const tail = follow(['--json'])
    await expect.poll(tail.lines, WAIT).toHaveLength(10)
    expect(tail.lines().map((line) => JSON.parse(line))).toEqual(newest)
    await run(['users', 'disable', 'ada'])
    await run(['users', 'enable', 'ada'])
    await expect.poll(() => tail.lines().slice(10), WAIT).toHaveLength(3)
    const news = tail
      .lines()
      .slice(10)
      .map((line) => JSON.parse(line))
    expect(news).toMatchObject([
      { type: 'account-disabled' },
      { type: 'subject-revoked', cause: 'account-disabled', subject: revoked.claims.sub },
      { type: 'account-enabled' },
    ])
    expect(await tail.stop('SIGTERM')).toEqual({ code: 0, stderr: '' })
  })

  test('prints a line of text for what passes the filter alone, and ends with 0 on SIGINT', async () => {
    const tail = follow(['--user', 'ada', '--type', 'account-enabled', 'account-disabled', '--limit', '1'])
    await expect.poll(tail.lines, WAIT).toHaveLength(1)
    await run(['clients', 'add', 'X', '--redirect-uri', 'https://a.example/cb'])
    await run(['users', 'disable', 'ada'])
    await run(['users', 'enable', 'ada'])
    await expect.poll(tail.lines, WAIT).toHaveLength(3)
    expect(tail.lines()[1]).toMatch(/^ *[0-9]+ {2}[0-9-]+ [0-9:]+Z {2}account-disabled +ada {2}–$/)
    expect(await tail.stop('SIGINT')).toEqual({ code: 0, stderr: '' })
  })

  test('--after begins behind the number, with all that is there', async () => {
    const all = await listed([])
    const second = all[1]?.number ?? 0
    const tail = follow(['--json', '--after', String(second)])
    await expect.poll(tail.lines, WAIT).toHaveLength(all.length - 2)
    expect(all.length).toBeGreaterThan(12)
    expect(JSON.parse(tail.lines()[0] ?? '')).toEqual(all[2])
    await tail.stop('SIGTERM')
  })

  test('ends quietly with 0 when its reader has gone', async () => {
    const tail = follow(['--limit', '1'])
    await expect.poll(tail.lines, WAIT).toHaveLength(1)
    tail.child.stdout?.destroy()
    await run(['users', 'enable', 'ada'])
    expect(await tail.ended).toEqual({ code: 0, stderr: '' })
  })

  function follow(words: readonly string[]) {
    const child = spawn(
      process.execPath,
      ['--conditions=jotwarden-source', bin, 'events', 'tail', ...words],
      { cwd: deployment.folder, env: { PATH: process.env.PATH }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    children.push(child)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    const ended = once(child, 'close').then(([code]) => ({ code, stderr }))
    const stop = (signal: NodeJS.Signals) => {
      child.kill(signal)
      return ended
    }
    return { child, ended, stop, lines: () => stdout.split('\n').slice(0, -1) }
  }
})

for (const act of ['list', 'tail']) {
  test(`jotwarden events ${act} --help shows examples`, async () => {
    const { code, stdout } = await run(['events', act, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Examples:\n  jotwarden events ${act}`)
  })
}

async function listed(words: readonly string[]): Promise<readonly Event[]> {
  const { code, stdout } = await run(['events', 'list', '--json', '--limit', '1000', ...words])
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

function run(words: readonly string[]): Promise<Ended> {
  return jotwarden(words, { folder: deployment.folder })
}

const WAIT = { timeout: 10_000 }
