import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { mutatedPackages } from '../src/mutated.ts'
import { compared, type ListedSurvivor } from '../src/survivors.ts'

describe('compared()', () => {
  test('counts what was noticed, what was not and what was left out', () => {
    const { detected, survived, leftOut } = compared(
      report('Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored'),
      [],
    )
    expect([detected, survived, leftOut]).toEqual([2, 2, 1])
  })

  test('finds a survivor that is not listed, by what stands there', () => {
    expect(compared(report('Survived'), []).unlisted).toEqual([SURVIVOR])
  })

  test('takes a survivor that is listed, on whichever line it stands', () => {
    const { unlisted, outdated } = compared(report('Survived'), [LISTED])
    expect([unlisted, outdated]).toEqual([[], []])
    const moved = compared(report('Survived', 'Killed'), [LISTED])
    expect(moved.unlisted).toEqual([])
  })

  test('finds an entry that was noticed, and leaves alone those of other files', () => {
    const elsewhere = { ...LISTED, file: 'core/b.ts' }
    expect(compared(report('Killed'), [LISTED, elsewhere]).outdated).toEqual([LISTED])
  })
})

describe('the list of survivors', () => {
  const listed: readonly ListedSurvivor[] = JSON.parse(
    readFileSync(new URL('../survivors.json', import.meta.url), 'utf8'),
  )

  test('gives each a reason, and has none twice', () => {
    for (const { reason } of listed) expect(reason).toMatch(/^[A-Z].{20,}\.$/)
    const keys = listed.map(({ file, line, from, to }) => JSON.stringify([file, line, from, to]))
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([])
  })

  test('names lines that stand in files that are mutated', () => {
    const mutated = mutatedPackages.flatMap(({ name, files }) =>
      files.map((file) => `core/${name}/src/${file}.ts`),
    )
    for (const { file, line } of listed) {
      expect(mutated).toContain(file)
      const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
      expect(readFileSync(path, 'utf8')).toContain(line)
    }
  })
})

function report(...statuses: readonly string[]): Parameters<typeof compared>[0] {
  const lines = statuses.map(() => '  return a < b')
  const mutants = statuses.map((status, at) => ({
    mutatorName: 'EqualityOperator',
    replacement: 'a <= b',
    status,
    location: { start: { line: at + 1, column: 10 }, end: { line: at + 1, column: 15 } },
  }))
  return { files: { 'core/a.ts': { source: lines.join('\n'), mutants } } }
}

const SURVIVOR = { file: 'core/a.ts', line: 'return a < b', from: 'a < b', to: 'a <= b' }
const LISTED = { ...SURVIVOR, reason: 'The two are never the same, since one is odd.' }
