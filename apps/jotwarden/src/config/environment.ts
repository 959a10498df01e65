import { didYouMean } from './did-you-mean.ts'
import type { Finding } from './finding.ts'
import type { Setting } from './schema.ts'

/** The environment of a process. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Turns the text of a variable into what the file would hold; text that does not fit stays text, for the check to refuse. */
export function fromEnvironment(setting: Setting, text: string): unknown {
  if (setting.form === 'list')
    return text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]))
  if (setting.form === 'number') return /^-?[0-9]{1,15}$/.test(text) ? Number(text) : text
  if (setting.form === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return text
}

/**
 * Finds variables that look like a mistyped one of ours. Others that begin with JOTWARDEN_ pass:
 * Kubernetes adds such names for every service called jotwarden.
 */
export function mistypedVariables(
  environment: Environment,
  settings: readonly Setting[],
): readonly Finding[] {
  const known = [...settings.filter((s) => s.form !== 'file-only').map((s) => s.variable), ...OTHER_VARIABLES]
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .flatMap((name) => {
      const meant = meantVariable(name.slice(PREFIX.length), known, settings)
      if (meant === undefined) return []
      return [
        {
          key: name,
          source: { from: 'environment', name: 'environment' },
          problem: 'is not a variable that jotwarden knows',
          remedy: `Did you mean ${meant}?`,
        },
      ]
    })
}

/** The whole name, or its last part: JOTWARDEN_LISTEN means JOTWARDEN_SERVER_LISTEN. */
function meantVariable(
  written: string,
  known: readonly string[],
  settings: readonly Setting[],
): string | undefined {
  const near = didYouMean(
    written,
    known.map((name) => name.slice(PREFIX.length)),
  )
  if (near !== undefined) return PREFIX + near
  const inSections = settings.filter(({ form, path }) => form !== 'file-only' && path.length === 2)
  const last = didYouMean(
    written,
    inSections.map(({ path }) => path.at(-1) ?? ''),
  )
  return inSections.find(({ path }) => path.at(-1) === last)?.variable
}

const PREFIX = 'JOTWARDEN_'
/** Variables that are not the value of a key. */
const OTHER_VARIABLES = ['JOTWARDEN_CONFIG', 'JOTWARDEN_KEK', 'JOTWARDEN_STATE']
