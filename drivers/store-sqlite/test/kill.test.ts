import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { expect, test } from 'vitest'
import { expectWhole, lost, revived } from './acknowledged.ts'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()

test('of 50 lives, two at a time and each killed at random, no acknowledged act is lost and none is kept by halves', async () => {
  const path = `${folder}/killed.db`
  const all: string[] = []
  for (let round = 0; round < 25; round += 1) {
    const lives = await Promise.all([oneLife(path, randomInt(1, 300)), oneLife(path, randomInt(1, 300))])
    const stores = await openSqliteStores({ path })
    expect(await lost(stores, lives.flat())).toEqual([])
    await stores.close()
    expectWhole(path)
    all.push(...lives.flat())
  }
  const stores = await openSqliteStores({ path })
  expect(await lost(stores, all)).toEqual([])
  expect(await revived(stores, all)).toEqual([])
  await stores.close()
  const kinds = new Set(all.map((line) => line.split(' ')[0]))
  expect([...kinds].toSorted()).toEqual(['ended', 'issued', 'redeemed', 'rotated', 'started'])
}, 600_000)

/** Starts the process, lets it acknowledge so many acts, kills it, and gives every whole line it wrote. */
async function oneLife(path: string, acts: number): Promise<readonly string[]> {
  const script = fileURLToPath(new URL('acting-child.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=jotwarden-source', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    if (lines.length === acts) child.kill('SIGKILL')
  }
  expect(await ended).toEqual([null, 'SIGKILL'])
  return lines
}
