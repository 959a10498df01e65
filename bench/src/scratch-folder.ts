import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'

/** A new folder on the disk of the repository, under a name that git ignores; the caller removes it. */
export function scratchFolder(): string {
  const artefacts = join(import.meta.dirname, '../../artefacts')
  mkdirSync(artefacts, { recursive: true })
  return mkdtempSync(join(artefacts, 'bench-'))
}
