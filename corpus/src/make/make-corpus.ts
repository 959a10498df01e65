import type { CaseKeys, HostileCase } from '../hostile-case.ts'
import { base64url } from './base64url.ts'
import { claims } from './claims.ts'
import { confusion } from './confusion.ts'
import { critical } from './critical.ts'
import { dpop } from './dpop.ts'
import { encrypted } from './encrypted.ts'
import { headerInjection } from './header-injection.ts'
import { json } from './json.ts'
import { keyMismatch } from './key-mismatch.ts'
import { testKeys } from './keys.ts'
import { signatures } from './signatures.ts'
import { structure } from './structure.ts'
import { times } from './times.ts'
import { twins } from './twins.ts'
import { types } from './types.ts'
import { unsigned } from './unsigned.ts'
import { weakKeys } from './weak-keys.ts'
import { Workshop } from './workshop.ts'

/** File names and their contents: the whole of `vectors/hostile/` but for its SOURCE.md. */
export type CorpusFiles = ReadonlyMap<string, string>

/** Makes the corpus. What is random is taken from what is stored, and made where nothing is. */
export function makeCorpus(storedKeys: CaseKeys, random: Readonly<Record<string, string>>): CorpusFiles {
  const keys = testKeys(storedKeys)
  const shop = new Workshop(keys, random)
  const files = new Map<string, string>()
  groups.forEach((make, at) => {
    const cases = make(shop)
    const name = `${String(at + 1).padStart(2, '0')}-${cases[0]?.group}.json`
    files.set(name, text({ cases }))
  })
  files.set('keys.json', text({ warning: WARNING, keys }))
  files.set('random.json', text({ random: shop.kept }))
  return files
}

function text(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

const WARNING =
  'TEST KEYS. Everybody knows the private halves; they protect nothing and must not be used anywhere.'

const groups: readonly ((shop: Workshop) => readonly HostileCase[])[] = [
  unsigned,
  confusion,
  signatures,
  weakKeys,
  keyMismatch,
  headerInjection,
  critical,
  types,
  base64url,
  json,
  times,
  claims,
  structure,
  encrypted,
  dpop,
  twins,
]
