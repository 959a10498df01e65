import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LogHead, RevocationLog } from '@jotwarden/authority'
import { epochOf, firstOfEpoch } from '@jotwarden/policy'
import { createMemoryStores } from '@jotwarden/store-memory'
import { describe, expect, test } from 'vitest'
import { openEpochFile } from '../src/state/epoch-file.ts'
import { watchForSetBack } from '../src/state/set-back.ts'
import { jotwarden, temporaryFolder } from './jotwarden-process.ts'

const ISSUER = 'https://auth.example'
const NOW = 1_800_000_000

describe('watchForSetBack()', () => {
  test('a store that has only gone on is as known, also after years', async () => {
    const { log, watch } = watched()
    for (let round = 0; round < 3; round += 1) {
      expect(await watch().check()).toBe('as-known')
      await watch().pulse()
      await mark(log)
      await watch().note()
    }
    expect(epochOf((await log.head(ISSUER)).number)).toBe(0)
  })

  test.each([
    ['marks', { number: 3, pulse: 0 }],
    ['a pulse', { number: 0, pulse: 2 }],
  ])(
    'a store that is behind by %s begins an epoch, refuses everything, and is as known from then on',
    async (_, known) => {
      const { log, file, watch } = watched()
      file.write(ISSUER, known)
      expect(await watch().check()).toBe('set-back')
      const { head, marks } = await log.read(ISSUER, { after: 0, limit: 10 })
      expect([epochOf(head.number), head.pulse]).toEqual([1, known.pulse])
      expect(marks).toEqual([
        { kind: 'issuer', id: ISSUER, number: firstOfEpoch(1) + 1, expiresAt: expect.any(Number) },
      ])
      expect(marks[0]?.expiresAt).toBeGreaterThanOrEqual(NOW + 3600)
      expect(await watch().check()).toBe('as-known')
    },
  )

  test('the same copy put back a second time begins a later epoch: no number is given twice', async () => {
    const { file, watch } = watched()
    file.write(ISSUER, { number: 3, pulse: 2 })
    await watch().check()
    await watch().note()
    const again = watched(file)
    expect(await again.watch().check()).toBe('set-back')
    expect(epochOf((await again.log.head(ISSUER)).number)).toBe(2)
  })

  test('a node that moves the store on while another looks is no set-back: the file is read first', async () => {
    const { log, file, watch } = watched()
    const head = log.head.bind(log)
    let looked: LogHead | undefined
    Object.assign(log, {
      async head(issuer: string) {
        looked ??= await head(issuer)
        Object.assign(log, { head })
        file.write(ISSUER, await log.pulse(ISSUER))
        return looked
      },
    })
    expect(await watch().check()).toBe('as-known')
  })
})

describe('openEpochFile()', () => {
  test('keeps what each issuer had reached, never less, in a file for its owner alone', () => {
    const path = join(temporaryFolder(), 'deeper', 'jotwarden.epoch')
    const file = openEpochFile(path)
    expect([file.read(ISSUER), existsSync(path)]).toEqual([undefined, false])
    file.write(ISSUER, { number: 5, pulse: 1 })
    file.write('https://other.example', { number: 1, pulse: 1 })
    file.write(ISSUER, { number: 4, pulse: 2 })
    expect(openEpochFile(path).read(ISSUER)).toEqual({ number: 5, pulse: 2 })
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  test.each(['', '{', '[]', '{"https://auth.example":{"number":"5","pulse":1}}'])(
    'refuses a file that holds something else, and leaves it: %j',
    (text) => {
      const path = join(temporaryFolder(), 'jotwarden.epoch')
      writeFileSync(path, text)
      if (text === '[]') return expect(openEpochFile(path).read(ISSUER)).toBeUndefined()
      expect(() => openEpochFile(path).read(ISSUER)).toThrow(/does not hold/)
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  test.skipIf(process.getuid?.() !== 0)('a command of root leaves the file to the user of the server', () => {
    const path = join(temporaryFolder(), 'jotwarden.epoch')
    openEpochFile(path).write(ISSUER, { number: 1, pulse: 1 })
    const { chownSync } = process.getBuiltinModule('node:fs')
    chownSync(path, 65_534, 65_534)
    openEpochFile(path).write(ISSUER, { number: 2, pulse: 1 })
    expect(statSync(path)).toMatchObject({ uid: 65_534, gid: 65_534 })
    chmodSync(path, 0o600)
  })

  test.skipIf(process.getuid?.() !== 0)(
    'a folder of another group asks for no right to give files away',
    () => {
      const folder = temporaryFolder()
      process.getBuiltinModule('node:fs').chownSync(folder, process.getuid?.() ?? 0, 65_534)
      const path = join(folder, 'jotwarden.epoch')
      openEpochFile(path).write(ISSUER, { number: 1, pulse: 1 })
      expect(statSync(path).gid).toBe(process.getgid?.())
    },
  )
})

test('a command that finds the store set back warns, and what cannot be remembered keeps it from acting', async () => {
  const folder = temporaryFolder()
  const run = (...words: readonly string[]) => jotwarden(words, { folder, stdin: 'correct horse battery' })
  await run('init', '--issuer', 'http://127.0.0.1:8420')
  expect((await run('users', 'add', 'ann', '--password-stdin')).code).toBe(0)
  const path = join(folder, 'jotwarden.epoch')
  writeFileSync(path, JSON.stringify({ 'http://127.0.0.1:8420': { number: 7, pulse: 1 } }))
  const warned = await run('users', 'list')
  expect([warned.code, warned.stderr]).toEqual([
    0,
    expect.stringMatching(/^warning: the store is an earlier copy/),
  ])
  expect((await run('users', 'list')).stderr).toBe('')
  writeFileSync(path, 'damaged')
  const refused = await run('users', 'disable', 'ann')
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('jotwarden.epoch')])
  writeFileSync(path, '{}')
  expect((await run('users', 'list', '--json')).stdout).toContain('"disabled":false')
})

function watched(file = openEpochFile(join(temporaryFolder(), 'jotwarden.epoch'))) {
  const log = createMemoryStores().revocation
  return { log, file, watch: () => watchForSetBack(ISSUER, log, file, () => NOW) }
}

function mark(log: RevocationLog): Promise<void> {
  const one = {
    kind: 'token',
    id: 'jti',
    cause: 'revoked',
    at: NOW,
    expiresAt: NOW + 600,
    owner: null,
  } as const
  return log.append(ISSUER, { events: [], marks: [one] })
}
