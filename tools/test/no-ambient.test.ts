import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repositoryFiles } from '../repository-files.ts'
import { tree } from './tree.ts'

const root = join(import.meta.dirname, '../..')

describe('the linter, in the sources of core', () => {
  const cases = [
    ['Math.random()', 'export const x: number = Math.random()'],
    ['Date.now()', 'export const x: number = Date.now()'],
    ['new Date()', 'export const x: Date = new Date()'],
    ['fetch', "export const x: unknown = fetch('https://a.example')"],
    ['process', 'export const x: unknown = process.env'],
  ] as const
  for (const [name, source] of cases)
    test(`refuses ${name}`, async () => expect(await errorsIn(source)).toBe(1))

  test('has nothing against a source that takes its time and chance', async () => {
    expect(
      await errorsIn('export function now(clock: { now(): number }): number {\n  return clock.now()\n}'),
    ).toBe(0)
  })
})

test('no source anywhere names Math.random', () => {
  const sources = repositoryFiles(root).filter(({ path }) => /(^|\/)(src|bin)\/.*\.[cm]?[jt]sx?$/.test(path))
  expect(sources.length).toBeGreaterThan(100)
  expect(sources.filter(({ text }) => text.includes('Math.random')).map(({ path }) => path)).toEqual([])
})

async function errorsIn(source: string): Promise<number> {
  const rules = 'tools/lint/no-ambient.grit'
  const folder = tree({
    'biome.json': readFileSync(join(root, 'biome.json'), 'utf8'),
    [rules]: readFileSync(join(root, rules), 'utf8'),
    'core/probe/src/probe.ts': `${source}\n`,
  })
  const words = ['lint', '--vcs-enabled=false', '--reporter=json', '.']
  const { promise, resolve } = Promise.withResolvers<string>()
  execFile(join(root, 'node_modules/.bin/biome'), words, { cwd: folder }, (_, stdout) => resolve(stdout))
  return JSON.parse(await promise).summary.errors
}
