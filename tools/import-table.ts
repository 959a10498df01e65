/** The table of `docs/architecture.md` that says who may import whom, as patterns of folders. */
export interface ImportTable {
  readonly rows: readonly ImportRow[]
  /** What the tests of any package may import beyond their own package's row. */
  readonly tests: readonly string[]
}

export interface ImportRow {
  readonly folder: string
  /** `anything` is every package but those of `apps/`. */
  readonly mayImport: readonly string[]
}

/** Reads the one table whose first column is headed `package` and whose second is headed `may import`. */
export function parseImportTable(markdown: string): ImportTable {
  const lines = markdown.split('\n')
  const heading = lines.findIndex((line) => /^\|\s*package\s*\|\s*may import\s*\|/.test(line))
  if (heading === -1)
    throw new Error('Cannot read the import table: no table is headed | package | may import |')

  const rows: ImportRow[] = []
  for (const line of lines.slice(heading + 2)) {
    if (!line.startsWith('|')) break
    const [folder = '', imports = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.replaceAll('`', '').trim())
    rows.push({ folder, mayImport: imports === '–' ? [] : imports.split(',').map((name) => name.trim()) })
  }
  const tests = rows.find((row) => row.folder === TESTS_ROW)?.mayImport ?? []
  return { rows: rows.filter((row) => row.folder !== TESTS_ROW), tests }
}

/** The row of a folder; undefined when the table has none. */
export function rowOf(table: ImportTable, folder: string): ImportRow | undefined {
  return table.rows.find((row) => covers(row.folder, folder))
}

/** Whether one of the patterns opens the folder. */
export function opens(patterns: readonly string[], folder: string): boolean {
  return patterns.some((pattern) =>
    pattern === 'anything' ? !folder.startsWith('apps/') : covers(pattern, folder),
  )
}

/** `drivers/store-*` covers `drivers/store-sqlite`. */
export function covers(pattern: string, folder: string): boolean {
  if (!pattern.endsWith('*')) return pattern === folder
  const stem = pattern.slice(0, -1)
  return folder.startsWith(stem) && !folder.slice(stem.length).includes('/')
}

const TESTS_ROW = 'tests of any package'
