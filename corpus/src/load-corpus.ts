import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { CaseKeys, HostileCase } from './hostile-case.ts'
import type { Corpus } from './run/compare.ts'

/** Where the data lie. */
export const corpusFolder: string = fileURLToPath(new URL('../../vectors/hostile/', import.meta.url))

/** The stored corpus: every case of every group, in the order of the files. */
export function loadCorpus(): Corpus {
  const cases = groupFiles().flatMap((file) => parsed<{ cases: readonly HostileCase[] }>(file).cases)
  return { keys: storedKeys(), cases }
}

export function storedKeys(): CaseKeys {
  return existsSync(`${corpusFolder}keys.json`) ? parsed<{ keys: CaseKeys }>('keys.json').keys : {}
}

/** What is random in tokens, made once (see `make/workshop.ts`). */
export function storedRandomness(): Readonly<Record<string, string>> {
  return existsSync(`${corpusFolder}random.json`)
    ? parsed<{ random: Record<string, string> }>('random.json').random
    : {}
}

function groupFiles(): readonly string[] {
  return readdirSync(corpusFolder)
    .filter((name) => /^\d\d-[a-z0-9-]+\.json$/.test(name))
    .sort()
}

function parsed<Shape>(file: string): Shape {
  return JSON.parse(readFileSync(`${corpusFolder}${file}`, 'utf8'))
}
