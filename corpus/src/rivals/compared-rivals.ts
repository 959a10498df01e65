import { readFileSync } from 'node:fs'
import { type HostileCase, isControl } from '../hostile-case.ts'
import { loadCorpus } from '../load-corpus.ts'
import { awsJwtVerify } from './aws-jwt-verify.ts'
import { fastJwt } from './fast-jwt.ts'
import { jose } from './jose.ts'
import { jsonwebtoken } from './jsonwebtoken.ts'
import { type Outcome, put } from './put.ts'
import type { Rival } from './rival.ts'

/** What every library has answered to every case. */
export interface Comparison {
  readonly rivals: readonly { readonly name: string; readonly version: string }[]
  readonly rows: readonly ComparedCase[]
}

export interface ComparedCase {
  readonly one: HostileCase
  readonly control: boolean
  /** In the order of the rivals. */
  readonly outcomes: readonly Outcome[]
}

/** Puts the whole corpus to the libraries, one case after the other. */
export async function comparison(): Promise<Comparison> {
  const { cases, keys } = loadCorpus()
  const rows: ComparedCase[] = []
  for (const one of cases) {
    const outcomes: Outcome[] = []
    for (const rival of rivals) outcomes.push(await put(one, keys, rival))
    rows.push({ one, control: isControl(one), outcomes })
  }
  return { rivals: rivals.map(({ name }) => ({ name, version: versions[name] ?? '' })), rows }
}

const rivals: readonly Rival[] = [jose, fastJwt, awsJwtVerify, jsonwebtoken]

/** They are pinned, so what package.json says is what is installed. */
const versions: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
).dependencies
