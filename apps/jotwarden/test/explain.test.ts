import type { StoreErrorCode as MemoryStoreErrorCode } from '@jotwarden/store-memory'
import type { StoreErrorCode } from '@jotwarden/store-sqlite'
import type { VerifierReason } from '@jotwarden/verifier'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { errorReference } from '../src/error-reference.ts'
import { explainedCodes, explanationGroups } from '../src/explain/explanations.ts'
import { type Ended, jotwarden, temporaryFolder } from './jotwarden-process.ts'

describe('jotwarden explain', () => {
  test('says what a code means, why it matters with its sources, and how to mend it', async () => {
    const { code, stdout, stderr } = await run(['explain', 'token/crit'])
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      /^token\/crit {2}@jotwarden\/token\n\nWhat it means\n {2}\S.*\n\nWhy it matters\n {2}\S.*\n {2}RFC 7515 §4\.1\.11, CVE-2025-59420\n\nHow to mend it\n {2}\S.*\n$/,
    )
    expect(code).toBe(0)
  })

  test('explains the reason of a verifier’s error', async () => {
    const { code, stdout } = await run(['explain', 'expired'])
    expect(stdout).toMatch(/^expired {2}@jotwarden\/policy\n/)
    expect(code).toBe(0)
  })

  test('with --json prints the row as one document', async () => {
    const { stdout } = await run(['explain', 'verifier/use-dpop-nonce', '--json'])
    expect(JSON.parse(stdout)).toEqual({
      code: 'verifier/use-dpop-nonce',
      package: '@jotwarden/verifier',
      means: expect.stringContaining('nonce'),
      matters: expect.any(String),
      sources: expect.arrayContaining(['RFC 9449 §9']),
      mend: expect.stringContaining('DPoP-Nonce'),
    })
  })

  test('without a code lists all, a line each', async () => {
    const { code, stdout } = await run(['explain'])
    const lines = stdout.trimEnd().split('\n').slice(1)
    expect(lines.map((line) => line.split(' ')[0])).toEqual(explainedCodes().map((row) => row.code))
    expect(code).toBe(0)
    const { stdout: json } = await run(['explain', '--json'])
    expect(JSON.parse(json)).toEqual(explainedCodes())
  })

  test.each([
    ['token/crti', 'Did you mean token/crit?'],
    ['TOKEN/CRIT', 'Did you mean token/crit?'],
    ['use-dpop-nonse', 'Did you mean verifier/use-dpop-nonce?'],
    ['stal', 'Did you mean stale, verifier/stale?'],
    ['zzzzzz', 'Run `jotwarden explain` for all of them'],
  ])('refuses %s with 2 and names what is near', async (written, hint) => {
    const { code, stdout, stderr } = await run(['explain', written])
    expect(stderr).toContain(`error: Cannot explain ${written}: no error has this code`)
    expect(stderr).toContain(hint)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  test('does not repeat a token that was pasted instead of a code', async () => {
    const { code, stderr } = await run(['explain', 'eyJhbGciOiJub25lIn0.e30.c2ln'])
    expect(stderr).toContain('Cannot explain [token]')
    expect(code).toBe(2)
    const { stderr: long } = await run(['explain', 'x'.repeat(61)])
    expect(long).toContain('Cannot explain this:')
  })
})

describe('the table of codes', () => {
  const rows = explainedCodes()

  test('holds no code twice', () => {
    const codes = rows.map(({ code }) => code)
    expect(codes.filter((code, at) => codes.indexOf(code) !== at)).toEqual([])
  })

  test('has every reason that a verifier’s error can give', () => {
    // `Record<VerifierReason, …>` in three files; here that they are reachable under one roof
    const reasons: readonly VerifierReason[] = ['expired', 'token/crit', 'revoked', 'key/weak']
    for (const reason of reasons) expect(rows.map(({ code }) => code)).toContain(reason)
  })

  test('says whole sentences in every part', () => {
    const unfinished = rows.filter((row) =>
      [row.means, row.matters, row.mend].some((part) => !/^[A-Z`].{10,}[.!?]$/.test(part)),
    )
    expect(unfinished.map(({ code }) => code)).toEqual([])
  })

  test('repeats no text: a row that says what another says explains nothing of its own', () => {
    const meanings = rows.map(({ means }) => means)
    const repeated = rows.filter(({ means }, at) => meanings.indexOf(means) !== at)
    expect(repeated.map(({ code }) => code)).toEqual([])
  })

  test('names only sources of known form', () => {
    const strange = rows.flatMap(({ sources }) => sources.filter((source) => !SOURCE.test(source)))
    expect(strange).toEqual([])
  })

  test('gives every code of tokens and policies that refuses a token a source', () => {
    const refusals = ['Tokens', 'Keys', 'Encrypted tokens', 'Why a token with a good signature is refused']
    const bare = explanationGroups
      .filter(({ title }) => refusals.includes(title))
      .flatMap(({ rows: group }) => Object.entries(group))
      .filter(([code, { sources }]) => sources.length === 0 && code !== 'token/platform')
    expect(bare.map(([code]) => code)).toEqual([])
  })

  test('covers the stores in memory with the rows of the file', () => {
    expectTypeOf<MemoryStoreErrorCode>().toExtend<StoreErrorCode>()
  })
})

describe('errorReference()', () => {
  test('has a heading for every code, and leads to each cited clause', () => {
    const page = errorReference()
    for (const { code } of explainedCodes()) expect(page).toContain(`\n### ${code}\n`)
    expect(page).toContain(
      '[RFC 7515 §4.1.11](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11), [CVE-2025-59420](https://www.cve.org/CVERecord?id=CVE-2025-59420)',
    )
  })
})

function run(words: readonly string[]): Promise<Ended> {
  return jotwarden(words, { folder: temporaryFolder() })
}

const SOURCE =
  /^(?:RFC \d{4}(?: §\d+(?:\.\d+)*)?|CVE-20\d\d-\d{4,}|CWE-\d+|NIST SP 800-\S+(?: Part 1)?(?: §[\d.]+)?|OpenID Connect (?:Core|Discovery|Back-Channel Logout) §[\d.]+|decision 00\d\d)$/
