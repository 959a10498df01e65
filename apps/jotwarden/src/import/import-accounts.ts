import type { AccountImport, AccountRecord } from '@jotwarden/authority'
import { Refusal } from '../refusal.ts'
import { readAccountLine, told } from './account-line.ts'
import { fileLines } from './file-lines.ts'

export interface ImportOptions {
  readonly skipExisting: boolean
  readonly dryRun: boolean
  readonly onProgress: (act: 'Checking' | 'Adding', share: number) => void
}

export interface Imported {
  /** Or that would be, in a dry run. */
  readonly added: number
  readonly skipped: number
  /** How many accounts have no password yet. */
  readonly withoutPassword: number
  /** How many hashes are weak, by what makes them so. */
  readonly weak: ReadonlyMap<string, number>
}

/**
 * Checks the whole file first and refuses it with every line that is wrong; then adds the accounts, each batch wholly
 * or not at all. Throws `Refusal`.
 */
export async function importAccounts(
  people: AccountImport,
  path: string,
  options: ImportOptions,
): Promise<Imported> {
  const checked = await check(people, path, options)
  if (options.dryRun) return checked
  let batch: Line[] = []
  let added = 0
  const flush = async () => {
    await addBatch(people, batch, added)
    added += batch.length
    batch = []
  }
  for await (const { number, text } of fileLines(path, (share) => options.onProgress('Adding', share))) {
    const line = await prepared(people, number, text)
    if ('problem' in line) throw changed(added, `line ${number}: ${line.problem}`)
    const inTheWay = await people.inTheWay(line.record)
    if (inTheWay !== undefined && !mayBeSkipped(line, inTheWay, options))
      throw changed(added, `line ${number}: its username or subject is in use`)
    if (inTheWay === undefined) batch.push(line)
    if (batch.length === BATCH) await flush()
  }
  await flush()
  return { ...checked, added }
}

interface Line {
  readonly number: number
  readonly record: AccountRecord
  readonly givesSubject: boolean
  readonly hasPassword: boolean
  readonly weakness: string | null
}

async function check(people: AccountImport, path: string, options: ImportOptions): Promise<Imported> {
  const problems = createProblems()
  const seen = { username: new Map<string, number>(), subject: new Map<string, number>() }
  const weak = new Map<string, number>()
  let [added, skipped, withoutPassword] = [0, 0, 0]
  for await (const { number, text } of fileLines(path, (share) => options.onProgress('Checking', share))) {
    const line = await prepared(people, number, text)
    if ('problem' in line) {
      problems.add(number, line.problem)
      continue
    }
    const twin = twinOf(line, seen)
    const inTheWay = await people.inTheWay(line.record)
    if (twin !== undefined) problems.add(number, twin)
    else if (inTheWay === undefined) {
      added += 1
      if (!line.hasPassword) withoutPassword += 1
      if (line.weakness !== null) weak.set(line.weakness, (weak.get(line.weakness) ?? 0) + 1)
    } else if (mayBeSkipped(line, inTheWay, options)) skipped += 1
    else problems.add(number, existing(line, inTheWay, options))
  }
  problems.refuse(path)
  return { added, skipped, withoutPassword, weak }
}

async function prepared(
  people: AccountImport,
  number: number,
  text: string | undefined,
): Promise<Line | { readonly problem: string }> {
  const read = readAccountLine(text)
  if ('problem' in read) return read
  const { account, weakness } = read
  try {
    const record = await people.prepare(account)
    const given = { givesSubject: account.subject !== undefined, hasPassword: account.password !== null }
    return { number, record, weakness, ...given }
  } catch (error) {
    return { problem: told(error) }
  }
}

function twinOf(
  { number, record, givesSubject }: Line,
  seen: Readonly<Record<'username' | 'subject', Map<string, number>>>,
): string | undefined {
  for (const member of ['username', 'subject'] as const) {
    const first = seen[member].get(record[member])
    if (first !== undefined) return `its ${member} stands on line ${first} already`
    if (member === 'username' || givesSubject) seen[member].set(record[member], number)
  }
  return undefined
}

/** Skipping one of another subject would hide that applications will not know the person. */
function mayBeSkipped({ record, givesSubject }: Line, found: AccountRecord, options: ImportOptions): boolean {
  if (!options.skipExisting || found.username !== record.username) return false
  return !givesSubject || found.subject === record.subject
}

function existing({ record }: Line, found: AccountRecord, options: ImportOptions): string {
  if (found.username !== record.username) return 'its subject belongs to another account'
  return options.skipExisting
    ? 'its username has an account with another subject'
    : 'its username has an account'
}

async function addBatch(people: AccountImport, batch: readonly Line[], before: number): Promise<void> {
  if (batch.length === 0) return
  const outcome = await people.add(batch.map(({ record }) => record))
  if (outcome.outcome === 'added') return
  const taken = new Set(outcome.taken.map(({ subject }) => subject))
  const line = batch.find(({ record }) => taken.has(record.subject))
  throw changed(before, `line ${line?.number}: its username or subject is in use`)
}

function changed(added: number, what: string): Refusal {
  return new Refusal(
    'refused',
    `Cannot go on with the import: the file or the accounts changed meanwhile; ${what}. ${added} accounts were added`,
    { remedy: 'Run it again with --skip-existing' },
  )
}

function createProblems() {
  const lines: string[] = []
  let count = 0
  return {
    add(number: number, problem: string): void {
      count += 1
      if (lines.length < SHOWN) lines.push(`line ${number}: ${problem}`)
    },
    refuse(path: string): void {
      if (count === 0) return
      const more = count > lines.length ? [`and ${count - lines.length} lines more`] : []
      const problems = [...lines, ...more].join('\n')
      throw new Refusal('refused', `Cannot import ${path}; nothing was changed\n${problems}`, {
        remedy: 'Mend these lines; --skip-existing passes over accounts that are there',
      })
    },
  }
}

/** Small enough for a commit not to hold up those of a server on the same file. */
const BATCH = 250
const SHOWN = 20
