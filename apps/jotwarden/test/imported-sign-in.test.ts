import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Deployment, deployed } from './deployment.ts'
import { bin, jotwarden, type Running } from './jotwarden-process.ts'
import { begunSignIn, signedInCookie } from './signed-in-cookie.ts'

// One password in every form: made with Python 3.11, `crypt` (libxcrypt) and `hashlib`; argon2 with OpenSSL.
const PASSWORD = 'correct horse battery'
const SALT = 'AAECAwQFBgcICQoLDA0ODw'
const SHA256 = 'QKlCDPGRoLK139911fz4wmw+qxtasIBS/3PnV5Q49G0'
const BCRYPT = '$2b$06$abcdefghijklmnopqrstuu50eFBEC8vQwBnuFXMHE45jBnqvQ8xz.'
const forms = {
  '2a': BCRYPT.replace('$2b$', '$2a$'),
  '2b': BCRYPT,
  '2y': BCRYPT.replace('$2b$', '$2y$'),
  scrypt: `$scrypt$ln=12,r=8,p=1$${SALT}$mQODSPipO7v2IkeXX6QyBSRUHAy5goafrJaPOn9CN2o`,
  passlib: `$pbkdf2-sha256$29000$${SALT}$${SHA256.replaceAll('+', '.')}`,
  phc: `$pbkdf2-sha256$i=29000,l=32$${SALT}$${SHA256}`,
  sha512: `$pbkdf2-sha512$29000$${SALT}$daADzkkLkCG75EuGNDJDjU4hRQN/9FhvuQgZNz.Z.IJ08n.rUhZKGUijuyZ451szbSzyVCp99DSvywGNnCAOZw`,
  django: 'pbkdf2_sha256$29000$seasalt22$SczcXi6B2hGrFLNb1Uur9iO1LGHatQmHig7nnwWdUqE=',
  argon2i: `$argon2i$v=19$m=4096,t=3,p=1$${SALT}$wT0bwz/hHTJW7kAsBlUDOMb1+DFywDBj6mH6zNFHSEw`,
  argon2d: `$argon2d$v=19$m=4096,t=3,p=1$${SALT}$H54GIzdPsPvwzK0STFRyBJ6fh5eYFcK07kGqw/2S9bo`,
  argon2id: `$argon2id$v=19$m=4096,t=3,p=1$${SALT}$mQK1PSPhdWpbkUm0mZ2NalmVPdlXK4OFU/Jxe9QfVz0`,
}
let deployment: Deployment
let server: Running

beforeAll(async () => {
  deployment = await deployed()
  await imported([
    ...Object.entries(forms).map(([username, password_hash]) => ({
      username,
      password_hash,
      subject: `old-${username}`,
    })),
    { username: 'twice', password_hash: BCRYPT },
    { username: 'racing', password_hash: BCRYPT },
    { username: 'none', password_hash: null },
  ])
  server = await deployment.start()
})

afterAll(async () => {
  await server.stop()
})

describe('an imported account signs in over HTTP', () => {
  for (const username of Object.keys(forms))
    test(`with a hash of the form ${username}: once by it, and then by argon2id`, async () => {
      const before = hashOf(username)
      await expect(signedIn(username, 'wrong horse battery')).rejects.toThrow('403')
      expect(hashOf(username)).toBe(before)
      await signedIn(username, PASSWORD)
      const after = hashOf(username)
      expect(after).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      await signedIn(username, PASSWORD)
      expect(hashOf(username)).toBe(after)
      await expect(signedIn(username, 'wrong horse battery')).rejects.toThrow('403')
      const subjects = rows(`SELECT DISTINCT subject FROM logins WHERE subject = 'old-${username}'`)
      expect(subjects).toHaveLength(1)
    })

  test('twice at once for the first time', async () => {
    const forms = await Promise.all([1, 2, 3].map(() => begun('twice', PASSWORD)))
    await Promise.all(forms.map((enter) => enter()))
    expect(hashOf('twice')).toMatch(/^\$argon2id\$/)
    await signedIn('twice', PASSWORD)
  })

  test('while its password is set anew: the new one stays, the old one is refused', async () => {
    const enter = await begun('racing', PASSWORD)
    const next = 'a brand new phrase of mine'
    const [, changed] = await Promise.all([
      enter().catch((error: Error) => error),
      command(['users', 'password', 'racing', '--password-stdin'], next),
    ])
    expect(changed.code).toBe(0)
    await signedIn('racing', next)
    await expect(signedIn('racing', PASSWORD)).rejects.toThrow('403')
    expect(rows('SELECT 1 FROM accounts WHERE imported_work IS NOT NULL')).toEqual([])
  })

  test('without a hash never, until a password is set', async () => {
    await expect(signedIn('none', PASSWORD)).rejects.toThrow('403')
    await command(['users', 'password', 'none', '--password-stdin'], 'a phrase for the first time')
    await signedIn('none', 'a phrase for the first time')
  })
})

test('an import that was killed can be run again, and then everybody is there once', async () => {
  const people = Array.from({ length: 8000 }, (_, n) => ({
    username: `person-${n}`,
    password_hash: BCRYPT,
  }))
  const path = written(people)
  const child = start(['users', 'import', path])
  const ended = once(child, 'exit')
  const count = () => Number(rows(`SELECT count(*) AS n FROM accounts WHERE username LIKE 'person-%'`)[0]?.n)
  while (count() === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5))
  child.kill('SIGKILL')
  await ended
  const [left, events] = [count(), addedEvents()]
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(people.length)
  expect(left % 250).toBe(0)

  const refused = await command(['users', 'import', path])
  expect(refused.code).toBe(1)
  const again = await command(['users', 'import', path, '--skip-existing', '--json'])
  expect(JSON.parse(again.stdout)).toMatchObject({ added: people.length - left, skipped: left })
  expect(count()).toBe(people.length)
  expect(addedEvents() - events).toBe(people.length - left)

  function addedEvents(): number {
    return Number(rows(`SELECT count(*) AS n FROM events WHERE type = 'account-added'`)[0]?.n)
  }
})

function begun(username: string, password: string): Promise<() => Promise<string>> {
  return begunSignIn({ ...deployment, account: { username, password } })
}

function signedIn(username: string, password: string): Promise<string> {
  return signedInCookie({ ...deployment, account: { username, password } })
}

function hashOf(username: string): unknown {
  return rows(`SELECT password_hash FROM accounts WHERE username = '${username}'`)[0]?.password_hash
}

function written(people: readonly unknown[]): string {
  const path = join(deployment.folder, `people-${people.length}.jsonl`)
  writeFileSync(path, people.map((person) => `${JSON.stringify(person)}\n`).join(''))
  return path
}

async function imported(people: readonly unknown[]): Promise<void> {
  const { code, stderr } = await command(['users', 'import', written(people)])
  if (code !== 0) throw new Error(stderr)
}

function command(words: readonly string[], stdin = '') {
  return jotwarden(words, { folder: deployment.folder, stdin })
}

function start(words: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--conditions=jotwarden-source', bin, ...words], {
    cwd: deployment.folder,
    env: { PATH: process.env.PATH, HOME: deployment.folder },
    stdio: 'ignore',
  })
}

function rows(sql: string): readonly Readonly<Record<string, unknown>>[] {
  const database = new DatabaseSync(join(deployment.folder, 'data', 'jotwarden.db'), { readOnly: true })
  try {
    return database.prepare(sql).all()
  } finally {
    database.close()
  }
}
