import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { buildProgram } from '../src/program.ts'
import { type Deployment, deployed } from './deployment.ts'
import { grantedTokens, refreshStatus } from './granted-tokens.ts'
import { initialisedFolder } from './initialised-folder.ts'
import { bin, type Ended, jotwarden } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

test('store backup, while requests go on: none fails, and the copy holds everything that was acknowledged before it', async () => {
  const deployment = await deployed()
  fill(storeOf(deployment.folder))
  const copies = copiesOf(deployment.folder)
  const server = await deployment.start()
  const cookie = await signedInCookie(deployment)
  const load = startLoad(deployment, cookie)
  try {
    for (const name of ['first.db', 'second.db', 'third.db']) {
      await expect.poll(() => load.sessions.length, { timeout: 20_000 }).toBeGreaterThan(3)
      const [before, requests] = [load.sessions.splice(0), load.statuses.length]
      expect(await run(deployment.folder, ['store', 'backup', join(copies, name)])).toMatchObject({
        code: 0,
        stderr: '',
      })
      expect(load.statuses.length).toBeGreaterThan(requests)
      const held = inCopy(join(copies, name))
      expect(held.damage).toEqual(['ok'])
      expect(held.sessions).toEqual(expect.arrayContaining(before))
    }
  } finally {
    await load.stop()
    await server.stop()
  }
  expect(new Set(load.statuses)).toEqual(new Set([200]))
})

describe('jotwarden store backup', () => {
  test('makes one file for its owner alone, says what it holds, and leaves the store as it was', async () => {
    const folder = await startedFolder()
    const before = readFileSync(storeOf(folder))
    const to = join(copiesOf(folder), 'copy.db')
    const { code, stdout } = await run(folder, ['store', 'backup', to])
    expect(code).toBe(0)
    expect(stdout).toContain(`Copied the store to ${to} (`)
    expect(stdout).toMatch(/^log +head 0, epoch 0, floor 0$/m)
    expect(stdout).toMatch(/^keys +6$/m)
    expect(readdirSync(copiesOf(folder))).toEqual(['copy.db'])
    expect(statSync(to).mode & 0o777).toBe(0o600)
    expect(readFileSync(storeOf(folder)).equals(before)).toBe(true)
  })

  test('refuses to replace a file unless told to', async () => {
    const folder = await startedFolder()
    const to = join(copiesOf(folder), 'copy.db')
    writeFileSync(to, 'precious')
    expect(await refusal(folder, ['store', 'backup', to])).toBe('store/exists')
    expect(readFileSync(to, 'utf8')).toBe('precious')
    const { code, stdout } = await run(folder, ['store', 'backup', to, '--force', '--json'])
    expect([code, JSON.parse(stdout)]).toEqual([
      0,
      expect.objectContaining({ file: to, schema_version: 3, tables: expect.objectContaining({ keys: 6 }) }),
    ])
    expect(inCopy(to).damage).toEqual(['ok'])
  })

  test('refuses the folder of the store, also by another way there, and a folder that does not exist', async () => {
    const folder = await startedFolder()
    for (const to of ['data/copy.db', 'data/../data/copy.db', 'data/jotwarden.db', 'nowhere/copy.db']) {
      expect(await refusal(folder, ['store', 'backup', to, '--force'])).toBe('store/copy-place')
    }
    expect(readdirSync(join(folder, 'data'))).toEqual(['jotwarden.db'])
    expect(existsSync(join(folder, 'nowhere'))).toBe(false)
  })

  test('of two at once to one name, one makes it whole and the other is refused', async () => {
    const folder = await startedFolder()
    fill(storeOf(folder))
    const to = join(copiesOf(folder), 'copy.db')
    const both = await Promise.all([1, 2].map(() => run(folder, ['store', 'backup', to, '--json'])))
    expect(both.map(({ code }) => code).toSorted()).toEqual([0, 1])
    expect(both.map(({ stderr }) => stderr).join('')).toContain('store/exists')
    expect(inCopy(to).damage).toEqual(['ok'])
    expect(readdirSync(copiesOf(folder))).toEqual(['copy.db'])
  })

  test('refuses a store that is damaged, and leaves no copy', async () => {
    const folder = await startedFolder()
    copiesOf(folder)
    const bytes = readFileSync(storeOf(folder))
    writeFileSync(storeOf(folder), bytes.fill(0xa5, 5 * 4096, 6 * 4096))
    expect(await refusal(folder, ['store', 'backup', 'copies/copy.db'])).toBe('store/damaged')
    expect(readdirSync(copiesOf(folder))).toEqual([])
  })

  test('makes no store where there is none', async () => {
    const folder = await initialisedFolder()
    copiesOf(folder)
    for (const words of [['backup', 'copies/copy.db'], ['status']]) {
      expect(await refusal(folder, ['store', ...words])).toBe('cli/refused')
    }
    expect(existsSync(join(folder, 'data'))).toBe(false)
  })

  test.skipIf(process.platform === 'win32')(
    'where no more can be written, it ends with 1 and leaves nothing',
    async () => {
      const folder = await startedFolder()
      fill(storeOf(folder))
      copiesOf(folder)
      // In blocks of 512 bytes
      const script = 'ulimit -f 600; exec "$0" --conditions=jotwarden-source "$@"'
      const words = ['-c', script, process.execPath, bin, 'store', 'backup', 'copies/copy.db', '--json']
      const child = spawn('/bin/sh', words, { cwd: folder, env: { PATH: process.env.PATH } })
      const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
      expect([code, JSON.parse(errors).error.code]).toEqual([1, 'store/failed'])
      expect(readdirSync(copiesOf(folder))).toEqual([])
    },
  )

  test('shows a person at a terminal how far it is, on one line of standard error', async () => {
    const folder = await startedFolder()
    fill(storeOf(folder))
    const to = join(copiesOf(folder), 'copy.db')
    let shown = ''
    const stderr = Object.assign(new PassThrough(), { isTTY: true })
    stderr.on('data', (chunk) => {
      shown += chunk
    })
    const stdout = new PassThrough()
    const terminal = { stdin: new PassThrough(), stdout, stderr, environment: {}, folder }
    await buildProgram(terminal).parseAsync(['store', 'backup', to], { from: 'user' })
    expect(shown).toMatch(/Copying: \d+ %.*Copying: \d+ %/s)
    expect(shown).not.toContain('\n')
    expect(String(stdout.read())).toContain('Copied the store')
  })
})

test('store status says the same whether a server runs or not, and changes nothing', async () => {
  const deployment = await deployed()
  const status = async () => JSON.parse((await run(deployment.folder, ['store', 'status', '--json'])).stdout)
  await run(deployment.folder, ['clients', 'list'])
  const before = readFileSync(storeOf(deployment.folder))
  const stopped = await status()
  expect(readFileSync(storeOf(deployment.folder)).equals(before)).toBe(true)
  const server = await deployment.start()
  try {
    await signedInCookie(deployment)
    const running = await status()
    const { tables, issuers } = stopped
    expect(running.tables).toEqual({
      ...tables,
      logins: 1,
      codes: 1,
      revocation_heads: 1,
      events: expect.any(Number),
    })
    expect(running.tables.events).toBeGreaterThanOrEqual(tables.events)
    expect(running.issuers).toEqual([{ ...issuers[0], newest_event: expect.any(Number) }])
    expect(running.disk_free).toBeGreaterThan(0)
    expect(running.log_size).toBeGreaterThan(0)
    const { stdout } = await run(deployment.folder, ['store', 'status'])
    expect(stdout).toMatch(/^schema +version 3$/m)
    expect(stdout).toMatch(/^logins +1$/m)
    expect(stdout).toMatch(/^events +[0-9-]+ [0-9:]+Z to [0-9-]+ [0-9:]+Z$/m)
  } finally {
    await server.stop()
  }
})

for (const act of ['backup', 'restore', 'status']) {
  test(`jotwarden store ${act} --help shows examples`, async () => {
    const { code, stdout } = await run('.', ['store', act, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`Examples:\n  jotwarden store ${act}`)
  })
}

/** People who sign in again and refresh, and a service that asks for tokens, until it is stopped. */
function startLoad(deployment: Deployment, cookie: string) {
  const statuses: number[] = []
  const sessions: string[] = []
  let going = true
  const repeat = async (act: () => Promise<void>) => {
    while (going) await act()
  }
  const person = async () => {
    const tokens = await grantedTokens(deployment, cookie)
    sessions.push(tokens.claims.sid)
    statuses.push(await refreshStatus(deployment, tokens))
  }
  const { service } = deployment
  const authorization = `Basic ${Buffer.from(`${service.id}:${service.secret}`).toString('base64')}`
  const asks = async () => {
    const body = new URLSearchParams({ grant_type: 'client_credentials', scope: 'orders:read' })
    const answer = await fetch(`${deployment.issuer}/token`, {
      method: 'POST',
      headers: { authorization },
      body,
    })
    statuses.push(answer.status)
    await answer.text()
  }
  const under = [repeat(person), repeat(person), repeat(asks)]
  return {
    statuses,
    sessions,
    stop: async () => {
      going = false
      await Promise.all(under)
    },
  }
}

async function startedFolder(): Promise<string> {
  const folder = await initialisedFolder()
  expect(await run(folder, ['clients', 'list'])).toMatchObject({ code: 0 })
  return folder
}

function copiesOf(folder: string): string {
  mkdirSync(join(folder, 'copies'), { recursive: true })
  return join(folder, 'copies')
}

/** Some ten thousand pages, so that copying takes a while. */
function fill(path: string): void {
  const database = new DatabaseSync(path)
  database.exec(`WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 100000)
    INSERT INTO events (issuer, number, type, at, minute, count, cause)
    SELECT 'https://other.example', n, 'login', 1800000000, 0, 1, printf('%0400d', n) FROM counted`)
  database.close()
}

function inCopy(path: string): {
  readonly damage: readonly unknown[]
  readonly sessions: readonly unknown[]
} {
  const database = new DatabaseSync(path, { readOnly: true })
  const damage = database
    .prepare('PRAGMA integrity_check')
    .all()
    .map((row) => row.integrity_check)
  const sessions = database
    .prepare('SELECT id FROM sessions')
    .all()
    .map(({ id }) => id)
  database.close()
  return { damage, sessions }
}

async function refusal(folder: string, words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(folder, [...words, '--json'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return JSON.parse(stderr).error.code
}

function storeOf(folder: string): string {
  return join(folder, 'data', 'jotwarden.db')
}

function run(folder: string, words: readonly string[]): Promise<Ended> {
  return jotwarden(words, { folder })
}
