import { appendFileSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openErasureList } from '../src/state/erasure-list.ts'
import { temporaryFolder } from './jotwarden-process.ts'

const ISSUER = 'https://auth.example'

describe('openErasureList()', () => {
  test('knows who was erased, but not somebody who got the subject later, nor another issuer', () => {
    const list = openErasureList(join(temporaryFolder(), 'jotwarden.epoch'))
    list.add(ISSUER, 'usr_one', 1000)
    list.add(ISSUER, 'usr_two', 1000)
    const isErased = list.reader(ISSUER)
    expect(isErased({ subject: 'usr_one', createdAt: 999 })).toBe(true)
    expect(isErased({ subject: 'usr_two', createdAt: 1001 })).toBe(false)
    expect(list.reader('https://b.example')({ subject: 'usr_one', createdAt: 999 })).toBe(false)
  })

  test.skipIf(process.getuid?.() !== 0)('a command of root leaves the file to the user of the server', () => {
    const folder = join(temporaryFolder(), 'of-the-server')
    mkdirSync(folder)
    chownSync(folder, 65_534, 65_534)
    openErasureList(join(folder, 'jotwarden.epoch')).add(ISSUER, 'usr_one', 1000)
    expect(statSync(join(folder, 'jotwarden.epoch.erased'))).toMatchObject({ uid: 65_534, gid: 65_534 })
  })
})

test('openErasureList() keeps who is added after a line that was cut off, and reads nothing until that is mended', () => {
  const folder = temporaryFolder()
  const list = openErasureList(join(folder, 'epoch'))
  const file = join(folder, 'epoch.erased')
  list.add(ISSUER, 'usr_first', 10)
  appendFileSync(file, '{"who":"0123')
  list.add(ISSUER, 'usr_second', 20)
  expect(() => list.reader(ISSUER)).toThrow('Cannot keep track of who was erased')
  const lines = readFileSync(file, 'utf8').split('\n')
  expect(lines).toHaveLength(4)
  writeFileSync(file, lines.toSpliced(1, 1).join('\n'))
  const isErased = list.reader(ISSUER)
  expect(['usr_first', 'usr_second'].map((subject) => isErased({ subject, createdAt: 5 }))).toEqual([
    true,
    true,
  ])
})
