import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { accessStatus, grantedTokens, kidOf, newCode, refreshStatus } from './granted-tokens.ts'
import { initialisedFolder } from './initialised-folder.ts'
import { type Ended, jotwarden } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

let deployment: Deployment

describe('jotwarden store restore, of a store that served', () => {
  beforeEach(async () => {
    deployment = await deployed()
  })

  test('what was issued before and after the copy is refused, nothing that was taken back comes to life, and signing in again works', async () => {
    let server = await deployment.start()
    const cookie = await signedInCookie(deployment)
    const before = await grantedTokens(deployment, cookie)
    const lost = await grantedTokens(deployment, cookie)
    const copy = await backUp(deployment.folder)
    await run(deployment.folder, ['sessions', 'revoke', '--', lost.claims.sid])
    const newer = await grantedTokens(deployment, await signedInCookie(deployment))
    expect(await refreshStatus(deployment, before)).toBe(200)
    await server.stop()

    const restored = await run(deployment.folder, ['store', 'restore', copy, '--yes'])
    expect(restored).toMatchObject({ code: 0, stderr: '' })
    expect(restored.stdout).toContain('everybody signs in again')
    server = await deployment.start()
    try {
      for (const tokens of [before, lost, newer]) {
        expect(await refreshed(tokens.refresh)).toEqual({ status: 400, error: 'invalid_grant' })
        expect(await accessStatus(deployment, tokens)).toBe(401)
      }
      expect(await newCode(deployment, cookie)).toBe(null)
      const again = await grantedTokens(deployment, await signedInCookie(deployment))
      expect([await refreshStatus(deployment, again), await accessStatus(deployment, again)]).toEqual([
        200, 200,
      ])
      // One new epoch, not a second one at the start
      const events = JSON.parse(
        (await run(deployment.folder, ['events', 'list', '--json', '--type', 'log-set-back'])).stdout,
      )
      expect(events).toHaveLength(1)
    } finally {
      await server.stop()
    }
  })

  test('needs no luck: a copy put back at once, with the epoch file gone, signs everybody out all the same', async () => {
    let server = await deployment.start()
    const tokens = await grantedTokens(deployment, await signedInCookie(deployment))
    const copy = await backUp(deployment.folder)
    await server.stop()
    writeFileSync(join(deployment.folder, 'jotwarden.epoch'), '{}')
    expect((await run(deployment.folder, ['store', 'restore', copy, '--yes'])).code).toBe(0)
    server = await deployment.start()
    try {
      expect([await refreshStatus(deployment, tokens), await accessStatus(deployment, tokens)]).toEqual([
        400, 401,
      ])
    } finally {
      await server.stop()
    }
  })

  test('is refused while a server runs, which goes on as if nothing had been tried', async () => {
    const server = await deployment.start()
    try {
      const tokens = await grantedTokens(deployment, await signedInCookie(deployment))
      const copy = await backUp(deployment.folder)
      expect(await refusal(deployment.folder, ['store', 'restore', copy, '--yes'])).toBe('store/in-use')
      expect(
        readdirSync(join(deployment.folder, 'data')).filter(
          (name) => !/^jotwarden\.db(-wal|-shm)?$/.test(name),
        ),
      ).toEqual([])
      expect([await refreshStatus(deployment, tokens), await accessStatus(deployment, tokens)]).toEqual([
        200, 200,
      ])
    } finally {
      await server.stop()
    }
  })

  test('names the keys that were withdrawn after the copy was made, with the command that withdraws them again', async () => {
    const server = await deployment.start()
    const kid = kidOf((await grantedTokens(deployment, await signedInCookie(deployment))).access)
    const copy = await backUp(deployment.folder)
    expect((await run(deployment.folder, ['keys', 'compromise', '--yes', '--', kid])).code).toBe(0)
    await server.stop()
    const { code, stdout } = await run(deployment.folder, ['store', 'restore', copy, '--yes'])
    expect(code).toBe(0)
    expect(stdout).toContain(`jotwarden keys compromise --yes -- ${kid}`)
    expect((await run(deployment.folder, ['keys', 'compromise', '--yes', '--', kid])).stdout).toContain(
      'Withdrew',
    )
  })
})

describe('jotwarden store restore', () => {
  test('keeps the store that was there beside the new one, for its owner alone', async () => {
    const folder = await withClient('old')
    const copy = await backUp(folder)
    await addClient(folder, 'newer')
    const { stdout } = await run(folder, ['store', 'restore', copy, '--yes', '--json'])
    const { kept, revived_keys: revived } = JSON.parse(stdout)
    expect(revived).toEqual([])
    expect(statSync(kept).mode & 0o777).toBe(0o600)
    expect([clientsOf(kept), clientsOf(storeOf(folder))]).toEqual([['newer', 'old'], ['old']])
    expect(statSync(storeOf(folder)).mode & 0o777).toBe(0o600)
  })

  test('puts the copy where a link to the store leads, and keeps the store that was there beside it', async () => {
    const folder = await withClient('old')
    const copy = await backUp(folder)
    await addClient(folder, 'newer')
    const volume = join(folder, 'volume')
    renameSync(dirname(storeOf(folder)), volume)
    mkdirSync(dirname(storeOf(folder)))
    const real = join(volume, basename(storeOf(folder)))
    symlinkSync(real, storeOf(folder))
    const { stdout } = await run(folder, ['store', 'restore', copy, '--yes', '--json'])
    const { kept } = JSON.parse(stdout)
    expect([readlinkSync(storeOf(folder)), dirname(kept)]).toEqual([real, volume])
    expect([clientsOf(kept), clientsOf(real)]).toEqual([['newer', 'old'], ['old']])
  })

  test('makes the store where there is none, as on a new machine', async () => {
    const folder = await withClient('old')
    const copy = await backUp(folder)
    const elsewhere = await initialisedFolder()
    const { code, stdout } = await run(elsewhere, ['store', 'restore', copy, '--yes', '--json'])
    expect([code, JSON.parse(stdout).kept]).toEqual([0, null])
    expect(clientsOf(storeOf(elsewhere))).toEqual(['old'])
  })

  test('says what it did also when the epoch file cannot be written afterwards', async () => {
    const folder = await withClient('old')
    const copy = await backUp(folder)
    const file = join(folder, 'jotwarden.toml')
    symlinkSync(join(folder, 'unmounted', 'disk'), join(folder, 'disk'))
    writeFileSync(file, readFileSync(file, 'utf8').replace('[keys]', '[keys]\nepoch_file = "disk/epoch"'))
    const { code, stdout } = await run(folder, ['store', 'restore', copy, '--yes'])
    expect([code, existsSync(join(folder, 'disk', 'epoch'))]).toEqual([0, false])
    expect(stdout).toContain('The store that was there is now ')
  })

  test('asks first, and without a terminal needs --yes', async () => {
    const folder = await withClient('old')
    const { code, stderr } = await run(folder, ['store', 'restore', await backUp(folder)])
    expect(code).toBe(2)
    expect(stderr).toContain('--yes')
  })

  const spoiled: readonly (readonly [string, string, (copy: string, folder: string) => void])[] = [
    ['with a damaged page', 'store/damaged', (copy) => overwrite(copy, 5 * 4096)],
    ['cut short', 'store/damaged', (copy) => truncateSync(copy, statSync(copy).size - 8192)],
    ['that is another program’s', 'store/not-ours', (copy) => alter(copy, 'PRAGMA application_id = 77')],
    ['of a newer version', 'store/newer-schema', (copy) => alter(copy, 'PRAGMA user_version = 99')],
    ['that is empty', 'store/not-ours', (copy) => writeFileSync(copy, '')],
    ['that is no database', 'store/not-ours', (copy) => writeFileSync(copy, 'only some notes. '.repeat(900))],
    [
      'of another issuer',
      'cli/refused',
      (copy) =>
        alter(
          copy,
          "UPDATE keys SET issuer = 'https://b.example'; UPDATE clients SET issuer = 'https://b.example'; UPDATE revocation_heads SET issuer = 'https://b.example'",
        ),
    ],
  ]
  test.each(spoiled)('refuses a copy %s, and nothing has changed', async (_, code, spoil) => {
    const folder = await withClient('old')
    const copy = await backUp(folder)
    spoil(copy, folder)
    const present = readFileSync(storeOf(folder))
    expect(await refusal(folder, ['store', 'restore', copy, '--yes'])).toBe(code)
    expect(readFileSync(storeOf(folder)).equals(present)).toBe(true)
    expect(
      readdirSync(join(folder, 'data')).filter((name) => name.includes('before') || name.includes('draft')),
    ).toEqual([])
  })

  test('refuses the store itself as a copy, a missing file, and a log that lies there without its store', async () => {
    const folder = await withClient('old')
    expect(await refusal(folder, ['store', 'restore', storeOf(folder), '--yes'])).toBe('store/copy-place')
    expect(await refusal(folder, ['store', 'restore', 'nothing.db', '--yes'])).toBe('cli/refused')
    const elsewhere = await initialisedFolder()
    mkdirSync(join(elsewhere, 'data'))
    writeFileSync(`${storeOf(elsewhere)}-wal`, 'left behind')
    expect(await refusal(elsewhere, ['store', 'restore', await backUp(folder), '--yes'])).toBe(
      'store/damaged',
    )
    expect(existsSync(storeOf(elsewhere))).toBe(false)
  })

  test('replaces a store with damaged pages, and asks for a hand where the damage hides who uses it', async () => {
    const folder = await withClient('old')
    const copy = await backUp(folder)
    overwrite(storeOf(folder), 5 * 4096)
    expect((await run(folder, ['store', 'restore', copy, '--yes'])).code).toBe(0)
    expect(clientsOf(storeOf(folder))).toEqual(['old'])
    overwrite(storeOf(folder), 0)
    expect(await refusal(folder, ['store', 'restore', copy, '--yes'])).toBe('store/damaged')
  })

  test('what other commands write while the store is replaced is in the store or in the one that is kept, or they are refused', async () => {
    const folder = await withClient('old')
    const copy = await backUp(folder)
    const restoring = run(folder, ['store', 'restore', copy, '--yes', '--json'])
    const late: Promise<Ended>[] = []
    for (let tries = 0; tries < 12; tries += 1) {
      late.push(addClient(folder, `late-${tries}`))
      await Promise.race([restoring, late.at(-1)])
    }
    const outcomes = await Promise.all(late)
    const { code, stdout } = await restoring
    const names = outcomes.flatMap(({ code }, index) => (code === 0 ? [`late-${index}`] : []))
    if (code !== 0) return expect(clientsOf(storeOf(folder))).toEqual([...names, 'old'].sort())
    const held = [...clientsOf(storeOf(folder)), ...clientsOf(JSON.parse(stdout).kept)]
    for (const name of names) expect(held).toContain(name)
  })
})

async function withClient(id: string): Promise<string> {
  const folder = await initialisedFolder()
  expect(await addClient(folder, id)).toMatchObject({ code: 0 })
  return folder
}

function addClient(folder: string, id: string): Promise<Ended> {
  return run(folder, ['clients', 'add', id, '--id', id, '--redirect-uri', 'https://app.example/callback'])
}

async function backUp(folder: string): Promise<string> {
  mkdirSync(join(folder, 'copies'), { recursive: true })
  const copy = join(folder, 'copies', 'copy.db')
  expect(await run(folder, ['store', 'backup', copy])).toMatchObject({ code: 0, stderr: '' })
  return copy
}

async function refreshed(token: string): Promise<{ readonly status: number; readonly error: unknown }> {
  const body = new URLSearchParams({
    client_id: deployment.app.id,
    grant_type: 'refresh_token',
    refresh_token: token,
  })
  const answer = await fetch(`${deployment.issuer}/token`, { method: 'POST', body })
  return { status: answer.status, error: (await answer.json()).error }
}

async function refusal(folder: string, words: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(folder, [...words, '--json'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return JSON.parse(stderr).error.code
}

/** Reads a copy of the file, so that looking neither locks it nor leaves a log beside it. */
function clientsOf(path: string): readonly string[] {
  copyFileSync(path, `${path}.looked-at`)
  const database = new DatabaseSync(`${path}.looked-at`)
  const rows = database.prepare('SELECT id FROM clients ORDER BY id').all()
  database.close()
  return rows.map(({ id }) => String(id))
}

function overwrite(path: string, at: number): void {
  const bytes = readFileSync(path)
  bytes.fill(0xa5, at, at + 4096)
  writeFileSync(path, bytes)
}

function alter(path: string, sql: string): void {
  const database = new DatabaseSync(path)
  database.exec(sql)
  database.close()
}

function storeOf(folder: string): string {
  return join(folder, 'data', 'jotwarden.db')
}

function run(folder: string, words: readonly string[]): Promise<Ended> {
  return jotwarden(words, { folder })
}
