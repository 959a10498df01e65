import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Compares the pages that are written from the code with what the code says now. A page takes part by its source having
 * the named function, which gives the whole text; where there is no source, there is nothing to compare.
 */
export async function generatedPageFindings(root: string): Promise<readonly string[]> {
  const findings: string[] = []
  for (const { page, says, ...source } of PAGES) {
    const text = await generated(root, source)
    if (text === undefined) continue
    const path = join(root, page)
    const written = existsSync(path) ? readFileSync(path, 'utf8') : ''
    if (written !== text) findings.push(`${page} is not what ${says}: npm run check -- --write`)
  }
  return findings
}

/** Writes every page that the code gives. */
export async function writeGeneratedPages(root: string): Promise<void> {
  for (const { page, ...source } of PAGES) {
    const text = await generated(root, source)
    if (text !== undefined) writeFileSync(join(root, page), text)
  }
}

async function generated(root: string, { source, name }: PageSource): Promise<string | undefined> {
  const path = join(root, source)
  if (!existsSync(path)) return undefined
  const loaded = (await import(pathToFileURL(path).href)) as Readonly<Record<string, () => string>>
  return loaded[name]?.()
}

interface PageSource {
  readonly source: string
  /** The function that gives the page. */
  readonly name: string
}

const PAGES = [
  {
    page: 'docs/commands.md',
    source: 'apps/jotwarden/src/command-reference.ts',
    name: 'commandReference',
    says: 'the command says of itself',
  },
  {
    page: 'docs/errors.md',
    source: 'apps/jotwarden/src/error-reference.ts',
    name: 'errorReference',
    says: 'the table of codes says',
  },
] as const
