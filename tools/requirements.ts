/** One line of `docs/requirements.md`: a requirement, what is true of it, and the tests that show it. */
export interface Requirement {
  readonly id: string
  readonly line: number
  readonly claim: string
  readonly tests: readonly NamedTest[]
  /** Why no test is named; empty where tests are. */
  readonly open: string
}

/** `path/to/file.test.ts › title`, where the title may begin with the titles of its groups. */
export interface NamedTest {
  readonly file: string
  readonly title: string
}

/**
 * Reads every row headed `| id | what is true | test |`. Tests of one row are parted by `<br>`; a cell that names no
 * test file says what is open.
 */
export function parseRequirements(markdown: string): readonly Requirement[] {
  const found: Requirement[] = []
  let inTable = false
  for (const [index, text] of markdown.split('\n').entries()) {
    if (/^\|\s*id\s*\|/.test(text)) inTable = true
    else if (!text.startsWith('|')) inTable = false
    else if (inTable && !/^\|[\s:|-]+$/.test(text)) found.push(requirementOf(text, index + 1))
  }
  return found
}

function requirementOf(row: string, line: number): Requirement {
  const [id = '', claim = '', shown = ''] = row
    .split(/(?<!\\)\|/)
    .slice(1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
  const tests = shown
    .split('<br>')
    .map((text) => text.replaceAll('`', '').trim())
    .filter((text) => TEST.test(text))
    .map(namedTestOf)
  return { id, line, claim, tests, open: tests.length === 0 ? shown : '' }
}

function namedTestOf(text: string): NamedTest {
  const cut = text.indexOf(' › ')
  return { file: text.slice(0, cut), title: text.slice(cut + 3) }
}

const TEST = /^\S+\.test\.ts › .+/
