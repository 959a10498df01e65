import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { corpusFolder, storedKeys, storedRandomness } from '../src/load-corpus.ts'
import { makeCorpus } from '../src/make/make-corpus.ts'

const made = makeCorpus(storedKeys(), storedRandomness())

test('makeCorpus() makes the files that are stored, and no other', () => {
  const stored = readdirSync(corpusFolder).filter((name) => name !== 'SOURCE.md')
  expect([...made.keys()].sort()).toEqual(stored.sort())
})

for (const [name, text] of made)
  test(`makeCorpus() makes ${name} as it is stored`, () => {
    expect(readFileSync(`${corpusFolder}${name}`, 'utf8') === text, 'npm run corpus -- --make').toBe(true)
  })
