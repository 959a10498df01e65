import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test } from 'vitest'
import { initialisedFolder } from './initialised-folder.ts'
import { type Ended, jotwarden } from './jotwarden-process.ts'

let folder: string
beforeAll(async () => {
  folder = await initialisedFolder()
})

const HASH = '$2b$06$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.'

describe('jotwarden users import', () => {
  test('adds what the file says, keeps the subjects, and tells what is weak; no hash is printed', async () => {
    const file = written([
      {
        username: 'Ann',
        name: 'Ann',
        email: 'ann@example.com',
        email_verified: true,
        subject: '4711',
        password_hash: HASH,
      },
      { username: 'bob', disabled: true, password_hash: HASH },
      { username: 'cyd', password_hash: null },
    ])
    const dry = await run(['users', 'import', file, '--dry-run', '--json'])
    expect(JSON.parse(dry.stdout)).toMatchObject({ added: 3, dry_run: true })
    expect(rows('SELECT * FROM accounts')).toEqual([])

    const { code, stdout, stderr } = await run(['users', 'import', file])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Added 3 accounts')
    expect(stdout).toContain('2 hashes are easy to guess until their first sign-in: bcrypt cost below 10')
    expect(stdout).toContain('1 has no password')
    expect(
      rows('SELECT username, subject, disabled, email_verified FROM accounts ORDER BY username'),
    ).toEqual([
      { username: 'ann', subject: '4711', disabled: 0, email_verified: 1 },
      { username: 'bob', subject: expect.stringMatching(/^usr_/), disabled: 1, email_verified: 0 },
      { username: 'cyd', subject: expect.stringMatching(/^usr_/), disabled: 0, email_verified: 0 },
    ])
    const events = rows('SELECT * FROM events')
    expect(events.map(({ type, cause }) => [type, cause])).toEqual(
      Array(3).fill(['account-added', 'imported']),
    )
    expect(stdout + JSON.stringify(events)).not.toContain('50eFBEC8')

    const again = await run(['users', 'import', file])
    expect(again.code).toBe(1)
    expect(again.stderr).toContain('line 1: its username has an account')
    const passed = await run(['users', 'import', file, '--skip-existing', '--json'])
    expect(JSON.parse(passed.stdout)).toMatchObject({ added: 0, skipped: 3, weak: {} })
  })

  test('refuses a file with every line that is wrong, by number, and changes nothing', async () => {
    const before = rows('SELECT * FROM accounts')
    const file = written([
      { username: 'dan', password_hash: HASH },
      { username: 'DAN', password_hash: HASH },
      { username: 'eve', password_hash: '5f4dcc3b5aa765d61d8327deb882cf99' },
      { username: 'fay', password_hash: HASH.replace('$06$', '$31$') },
      {
        username: 'gus',
        password_hash: '$scrypt$ln=30,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$QKlCDPGRoLK139911fz4wmw',
      },
      { username: 'hal', password_hash: HASH, subject: 'hal@example.com' },
      { username: 'ida', password_hash: HASH, pasword: 'x' },
      { username: 'jim' },
      { username: 'a b', password_hash: HASH },
      { username: 'kay', password_hash: HASH, subject: '4711' },
      'no JSON',
    ])
    const { code, stdout, stderr } = await run(['users', 'import', file])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    for (const line of [
      'line 2: its username stands on line 1 already',
      'line 3: cannot take the password hash: MD5 is guessed at in no time',
      'line 4: cannot take the password hash: bcrypt cost 31 is above 16',
      'line 5: cannot take the password hash: scrypt with ln=30',
      'line 6: a subject must not be the username or an e-mail address',
      'line 7: it has members that are not known: pasword',
      'line 8: password_hash is missing',
      'line 9: a username is 1 to 128 characters',
      'line 10: its subject belongs to another account',
      'line 11: the line is no JSON object',
    ])
      expect(stderr).toContain(line)
    expect(stderr).not.toContain('5f4dcc3b')
    expect(stderr).not.toContain('50eFBEC8')
    expect(rows('SELECT * FROM accounts')).toEqual(before)
  })

  test('says of a JSON array, of a line without end and of a folder what is wrong', async () => {
    const array = written([[{ username: 'ann', password_hash: HASH }]])
    expect((await run(['users', 'import', array])).stderr).toContain('JSON array')
    const long = written([`{"username": "${'x'.repeat(70_000)}"}`, 'é'])
    expect((await run(['users', 'import', long])).stderr).toMatch(/line 1: the line is longer/)
    expect((await run(['users', 'import', folder])).code).toBe(2)
    expect((await run(['users', 'import', 'missing.jsonl'])).code).toBe(1)
  })

  test('reads a file from Windows, and a last line without an end', async () => {
    const path = join(folder, 'windows.jsonl')
    const lines = ['win-1', 'win-2'].map((username) => JSON.stringify({ username, password_hash: HASH }))
    writeFileSync(path, `\ufeff${lines.join('\r\n\r\n')}`)
    expect(JSON.parse((await run(['users', 'import', path, '--json'])).stdout)).toMatchObject({ added: 2 })
  })
})

let files = 0
function written(lines: readonly unknown[]): string {
  files += 1
  const path = join(folder, `people-${files}.jsonl`)
  writeFileSync(
    path,
    lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  )
  return path
}

function rows(sql: string): readonly Readonly<Record<string, unknown>>[] {
  const database = new DatabaseSync(join(folder, 'data', 'jotwarden.db'), { readOnly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}

function run(words: readonly string[]): Promise<Ended> {
  return jotwarden(words, { folder })
}
