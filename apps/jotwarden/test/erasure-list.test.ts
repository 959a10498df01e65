import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openErasureList } from '../src/state/erasure-list.ts'
import { temporaryFolder } from './jotwarden-process.ts'

const ISSUER = 'https://auth.example.com'

let folder: string
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

test('openErasureList() keeps who is added after a line that was cut off, and reads nothing until that is mended', () => {
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
