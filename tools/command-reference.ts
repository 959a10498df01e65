import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Compares `docs/commands.md` with what the command says of itself. The app takes part by having
 * `src/command-reference.ts` export `commandReference(): string`, the whole text of that page; without it, there is
 * nothing to compare.
 */
export async function commandReferenceFindings(root: string): Promise<readonly string[]> {
  const reference = await commandReference(root)
  if (reference === undefined) return []
  const page = join(root, PAGE)
  const written = existsSync(page) ? readFileSync(page, 'utf8') : ''
  return written === reference
    ? []
    : [`${PAGE} is not what the command says of itself: npm run check -- --write`]
}

/** The page as the command gives it; undefined while the command gives none. */
export async function commandReference(root: string): Promise<string | undefined> {
  const source = join(root, 'apps/jotwarden/src/command-reference.ts')
  if (!existsSync(source)) return undefined
  const loaded = (await import(pathToFileURL(source).href)) as { commandReference: () => string }
  return loaded.commandReference()
}

const PAGE = 'docs/commands.md'
