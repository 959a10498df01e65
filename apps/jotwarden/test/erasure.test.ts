import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { accessStatus, grantedTokens, newCode, refreshStatus } from './granted-tokens.ts'
import { jotwarden } from './jotwarden-process.ts'
import { signedInCookie } from './signed-in-cookie.ts'

const PERSON = {
  username: 'planted-username',
  name: 'Planted Person-Name',
  email: 'planted-email@example.com',
  password: 'a phrase nobody guesses',
}
const PLANTED = ['planted-username', 'Person-Name', 'planted-email']

let deployment: Deployment
beforeAll(async () => {
  deployment = await deployed()
  // Neighbours, so that pages split and rows move
  const people = Array.from({ length: 600 }, (_, n) => {
    return { username: `p${n}`, email: `p${n}@example.com`, name: 'x'.repeat(100), password_hash: null }
  })
  const path = join(deployment.folder, 'people.jsonl')
  writeFileSync(
    path,
    people
      .slice(0, 300)
      .map((person) => `${JSON.stringify(person)}\n`)
      .join(''),
  )
  await ran(['users', 'import', path])
  await add()
  writeFileSync(
    path,
    people
      .slice(300)
      .map((person) => `${JSON.stringify(person)}\n`)
      .join(''),
  )
  await ran(['users', 'import', path])
  rmSync(path)
})

describe('jotwarden users erase', () => {
  test('beside a running server: nothing of the person is in any file, tokens are refused, events stay and the name is free', async () => {
    const { folder } = deployment
    const copy = join(folder, 'copy.db')
    const server = await deployment.start()
    const person = { ...deployment, account: PERSON }
    const cookie = await signedInCookie(person)
    const tokens = await grantedTokens(deployment, cookie)
    const other = await grantedTokens(deployment, await signedInCookie(deployment))
    const { sub } = tokens.claims
    const [hash = ''] = column(`SELECT password_hash FROM accounts WHERE subject = '${sub}'`)
    const planted = [...PLANTED, String(hash)]
    expect(planted.filter((text) => held(text).length === 0)).toEqual([])
    const before = events()
    await ran(['store', 'backup', copy])

    expect((await command(['users', 'erase', PERSON.username])).code).toBe(2)
    const erased = JSON.parse(await ran(['users', 'erase', PERSON.username, '--yes', '--json']))
    expect(erased).toEqual({ subject: sub, erased: true, compacted: true })
    for (const text of planted) expect([text, held(text)]).toEqual([text, ['copy.db']])
    for (const table of ['accounts', 'consents', 'logins', 'sessions', 'codes'])
      expect([table, column(`SELECT 1 FROM ${table} WHERE subject = '${sub}'`)]).toEqual([table, []])

    expect(await refreshStatus(deployment, tokens)).toBe(400)
    expect(await accessStatus(deployment, tokens)).toBe(401)
    expect(await newCode(deployment, cookie)).toBeNull()
    await expect(signedInCookie(person)).rejects.toThrow('403')
    expect([await refreshStatus(deployment, other), await accessStatus(deployment, other)]).toEqual([
      200, 200,
    ])

    const after = events()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.map(({ number }) => number)).toEqual(after.map((_, place) => place + 1))
    const about = after.slice(before.length).filter(({ subject }) => subject === sub)
    expect(about.map(({ type, cause }) => [type, cause])).toEqual([
      ['account-erased', 'administrator'],
      ['subject-revoked', 'account-erased'],
    ])

    await add()
    const again = await grantedTokens(deployment, await signedInCookie(person))
    expect(again.claims.sub).not.toBe(sub)
    expect(await accessStatus(deployment, tokens)).toBe(401)
    expect((await command(['users', 'erase', 'nobody-at-all', '--yes'])).code).toBe(1)
    await server.stop()
  })

  test('a copy that is put back does not bring the person back, by restore or by hand; a later one of the name stays', async () => {
    const { folder } = deployment
    const [copy, store] = [join(folder, 'copy.db'), join(folder, 'data', 'jotwarden.db')]
    const restored = JSON.parse(await ran(['store', 'restore', copy, '--yes', '--json']))
    expect(restored).toMatchObject({ erased_again: 1 })
    rmSync(restored.kept)
    const [subject] = column(
      `SELECT subject FROM events WHERE type = 'account-erased' AND cause = 'restored-copy'`,
    )
    expect(column(`SELECT 1 FROM accounts WHERE subject = '${subject}'`)).toEqual([])
    for (const text of PLANTED) expect([text, held(text)]).toEqual([text, ['copy.db']])

    copyFileSync(copy, store)
    expect(column(`SELECT 1 FROM accounts WHERE subject = '${subject}'`)).toHaveLength(1)
    expect((await command(['users', 'list'])).stderr).toContain('the store is an earlier copy')
    for (const text of PLANTED) expect([text, held(text)]).toEqual([text, ['copy.db']])

    const line = { ...PERSON, password: undefined, subject, password_hash: null }
    writeFileSync(join(folder, 'again.jsonl'), JSON.stringify(line))
    await ran(['users', 'import', 'again.jsonl'])
    rmSync(join(folder, 'again.jsonl'))
    const later = join(folder, 'later.db')
    await ran(['store', 'backup', later])
    expect(JSON.parse(await ran(['store', 'restore', later, '--yes', '--json']))).toMatchObject({
      erased_again: 0,
    })
    expect(column(`SELECT 1 FROM accounts WHERE subject = '${subject}'`)).toHaveLength(1)
  })

  test('without --compact it says what is left to do, and store compact does it', async () => {
    await ran(
      ['users', 'add', 'left-behind-name', '--email', 'left-behind@example.com', '--password-stdin'],
      PERSON.password,
    )
    const said = await ran(['users', 'erase', 'left-behind-name', '--yes', '--no-compact'])
    expect(said).toContain('until `jotwarden store compact` is run')
    expect(JSON.parse(await ran(['store', 'compact', '--json']))).toEqual({
      size_before: expect.any(Number),
      size: expect.any(Number),
    })
    expect(held('left-behind')).toEqual([])
  })

  test('is refused, and nothing is erased, when it cannot be remembered', async () => {
    await ran(['users', 'add', 'staying', '--password-stdin'], PERSON.password)
    const environment = { JOTWARDEN_KEYS_EPOCH_FILE: 'elsewhere.epoch' }
    await command(['users', 'list'], '', environment)
    mkdirSync(join(deployment.folder, 'elsewhere.epoch.erased'))
    const { code, stderr } = await command(['users', 'erase', 'staying', '--yes'], '', environment)
    expect(code).toBe(1)
    expect(stderr).toContain('Cannot keep track of who was erased')
    expect(column(`SELECT 1 FROM accounts WHERE username = 'staying'`)).toHaveLength(1)
  })
})

async function add(): Promise<void> {
  const { username, name, email, password } = PERSON
  await ran(['users', 'add', username, '--name', name, '--email', email, '--password-stdin'], password)
}

/** The files under the folder of the deployment in which the text lies. */
function held(text: string): readonly string[] {
  const names = readdirSync(deployment.folder, { recursive: true, withFileTypes: true })
  return names
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map(({ name }) => name)
}

function events(): readonly Readonly<Record<string, unknown>>[] {
  return rows('SELECT number, type, subject, cause, count FROM events ORDER BY number')
}

function column(sql: string): readonly unknown[] {
  return rows(sql).flatMap((row) => Object.values(row))
}

function rows(sql: string): readonly Readonly<Record<string, unknown>>[] {
  const database = new DatabaseSync(join(deployment.folder, 'data', 'jotwarden.db'), { readOnly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}

function command(words: readonly string[], stdin = '', environment: Readonly<Record<string, string>> = {}) {
  return jotwarden(words, { folder: deployment.folder, stdin, environment })
}

async function ran(words: readonly string[], stdin = ''): Promise<string> {
  const { code, stdout, stderr } = await command(words, stdin)
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}
