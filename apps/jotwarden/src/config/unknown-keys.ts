import { didYouMean } from './did-you-mean.ts'
import type { Finding, Source } from './finding.ts'
import type { Setting } from './schema.ts'

/** Finds what the file holds and jotwarden does not know. Values are never repeated: an unknown key may hold a secret. */
export function unknownKeys(
  file: Readonly<Record<string, unknown>>,
  settings: readonly Setting[],
  source: Source,
): readonly Finding[] {
  const sections = new Set(settings.map((setting) => setting.path[0]))
  return Object.entries(file).flatMap(([name, value]) => {
    if (!sections.has(name)) return [unknown(name, suggestTopLevel(name, settings), source)]
    if (!isSection(name, settings)) return []
    if (!isTable(value)) return [notTable(name, source)]
    const names = settings
      .filter((setting) => setting.path[0] === name)
      .map((setting) => setting.path[1] ?? '')
    return Object.keys(value)
      .filter((key) => !names.includes(key))
      .map((key) => unknown(`${name}.${key}`, suggestInSection(name, key, names, settings), source))
  })
}

/** Whether the value is a table of TOML. */
export function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}

function suggestTopLevel(name: string, settings: readonly Setting[]): string | undefined {
  return (
    didYouMean(name, [...new Set(settings.map((setting) => setting.path[0]))]) ?? elsewhere(name, settings)
  )
}

function suggestInSection(
  section: string,
  key: string,
  names: readonly string[],
  settings: readonly Setting[],
): string | undefined {
  const near = didYouMean(key, names)
  return near === undefined ? elsewhere(key, settings) : `${section}.${near}`
}

/** A key that was written in the wrong section. */
function elsewhere(name: string, settings: readonly Setting[]): string | undefined {
  return settings.find((setting) => setting.path.at(-1) === name)?.key
}

function unknown(key: string, meant: string | undefined, source: Source): Finding {
  if (SECRET_NAMES.has(key)) {
    return {
      key,
      source,
      problem: 'would be a secret inside the configuration file',
      remedy: 'Take it out, make a new one, and use keys.kek_file, keys.kek_env or JOTWARDEN_KEK',
    }
  }
  const remedy =
    meant === undefined
      ? 'Take it out; `jotwarden config check --help` lists the keys'
      : `Did you mean ${meant}?`
  return { key, source, problem: 'is not a key that jotwarden knows', remedy }
}

function notTable(name: string, source: Source): Finding {
  return {
    key: name,
    source,
    problem: 'is a section, not a value',
    remedy: `Write [${name}] on a line of its own`,
  }
}

function isSection(name: string, settings: readonly Setting[]): boolean {
  return settings.some((setting) => setting.path.length === 2 && setting.path[0] === name)
}

const SECRET_NAMES: ReadonlySet<string> = new Set(['kek', 'keys.kek', 'keys.kek_text', 'keys.kek_value'])
