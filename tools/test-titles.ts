import { execFileSync } from 'node:child_process'
import { join, relative } from 'node:path'

/** The titles of the tests that these files hold, each with its groups before it, parted by ` › `; by file. */
export function testTitles(root: string, files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const titles = new Map<string, string[]>()
  if (files.length === 0) return titles
  // Titles are often made in loops, so the files are run up to their tests. `--json` stands last: it would take a file
  // after it as its output, and write over it
  const listed = execFileSync(
    process.execPath,
    [join(root, VITEST), 'list', ...files, '--no-static-parse', '--json'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, NO_COLOR: '1' },
    },
  )
  for (const { name, file } of JSON.parse(listed.slice(listed.indexOf('['))) as readonly ListedTest[]) {
    const path = relative(root, file).replaceAll('\\', '/')
    titles.set(path, [...(titles.get(path) ?? []), joinedTitle(name)])
  }
  return titles
}

/** A title and those of its groups, however they were parted. */
export function joinedTitle(title: string): string {
  return title.replaceAll(' > ', ' › ')
}

interface ListedTest {
  readonly name: string
  readonly file: string
}

const VITEST = 'node_modules/vitest/vitest.mjs'
