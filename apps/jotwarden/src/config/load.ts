import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { Refusal } from '../refusal.ts'
import type { Configuration } from './configuration.ts'
import { type Environment, fromEnvironment, mistypedVariables } from './environment.ts'
import type { Finding, Source } from './finding.ts'
import { checkRules } from './rules.ts'
import { parseConfiguration, type Setting, settings } from './schema.ts'
import { isTable, unknownKeys } from './unknown-keys.ts'

/** Where the configuration is looked for. */
export interface ConfigurationPlace {
  /** The file that was named; `undefined` takes JOTWARDEN_CONFIG, then ./jotwarden.toml if it is there. */
  readonly file: string | undefined
  readonly environment: Environment
  readonly folder: string
}

/** A value with where it came from. */
export interface EffectiveValue {
  readonly key: string
  readonly value: unknown
  readonly source: Source
}

/** What was read: the configuration if nothing is wrong with it, and everything that is. */
export interface LoadedConfiguration {
  /** The file as an absolute path; `null` when there is none. */
  readonly file: string | null
  /** What relative paths are relative to. */
  readonly folder: string
  readonly configuration: Configuration | undefined
  readonly values: readonly EffectiveValue[]
  readonly findings: readonly Finding[]
}

/** Reads file and environment, checks everything, and reports all findings at once. Throws `Refusal` when a named file cannot be read. */
export function loadConfiguration(place: ConfigurationPlace): LoadedConfiguration {
  const { file, toml, findings: unreadable } = readToml(place)
  const folder = file === null ? place.folder : dirname(file)
  // Nothing can be said of values in a file that cannot be read; what it would be said of is in there
  if (unreadable.length > 0)
    return { file, folder, configuration: undefined, values: [], findings: unreadable }
  const fileSource: Source = { from: 'file', name: file ?? '' }
  const all = settings()
  const checked = all.map((setting) =>
    checkSetting(setting, toml, fileSource, place.environment, folder, file),
  )
  const known = Object.fromEntries(
    checked
      .filter((one) => one.finding === undefined)
      .map((one) => [one.key, { value: one.value, source: one.source }]),
  )
  const findings = [
    ...unknownKeys(toml, all, fileSource),
    ...mistypedVariables(place.environment, all),
    ...checked.flatMap((one) => (one.finding === undefined ? [] : [one.finding])),
    ...checkRules(known, place.environment),
  ]
  const configuration = findings.length === 0 ? parseConfiguration(nest(checked)) : undefined
  const values = checked.map(({ key, value, source }) => ({ key, value, source }))
  return { file, folder, configuration, values, findings }
}

interface CheckedSetting extends EffectiveValue {
  readonly path: Setting['path']
  /** What the schema was given, with paths made absolute. */
  readonly raw: unknown
  readonly finding: Finding | undefined
}

function checkSetting(
  setting: Setting,
  toml: Readonly<Record<string, unknown>>,
  fileSource: Source,
  environment: Environment,
  folder: string,
  file: string | null,
): CheckedSetting {
  const given = givenValue(setting, toml, fileSource, environment)
  const raw = PATHS.has(setting.key) ? absolute(given.raw ?? PATHS.get(setting.key), folder) : given.raw
  const result = setting.schema.safeParse(raw)
  const base = { key: setting.key, path: setting.path, raw, source: given.source }
  if (result.success) return { ...base, value: result.data, finding: undefined }
  const missing = raw === undefined
  const problem = missing ? 'is missing' : problemOf(result.error.issues)
  const remedy =
    missing && file === null
      ? `${setting.remedy}; \`jotwarden init\` writes a jotwarden.toml`
      : setting.remedy
  return { ...base, value: undefined, finding: { key: setting.key, source: given.source, problem, remedy } }
}

function problemOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  return [...new Set(issues.map((issue) => `${place(issue.path)}${issue.message}`))].join('; ')
}

function place(path: readonly PropertyKey[]): string {
  const index = path.find((part) => typeof part === 'number')
  return index === undefined || path.length < 1 ? '' : `entry ${Number(index) + 1} `
}

function givenValue(
  setting: Setting,
  toml: Readonly<Record<string, unknown>>,
  fileSource: Source,
  environment: Environment,
): { readonly raw: unknown; readonly source: Source } {
  const text = setting.form === 'file-only' ? undefined : environment[setting.variable]
  if (text !== undefined && text !== '') {
    return { raw: fromEnvironment(setting, text), source: { from: 'environment', name: setting.variable } }
  }
  const [section, name] = setting.path
  const held = toml[section]
  const raw = name === undefined ? held : isTable(held) ? held[name] : undefined
  return raw === undefined ? { raw, source: { from: 'default' } } : { raw, source: fileSource }
}

function absolute(value: unknown, folder: string): unknown {
  return typeof value === 'string' && value !== '' ? resolve(folder, value) : value
}

function nest(checked: readonly CheckedSetting[]): Record<string, unknown> {
  const nested: Record<string, unknown> = {}
  for (const { path, raw } of checked) {
    const [section, name] = path
    if (name === undefined) nested[section] = raw
    else nested[section] = { ...(isTable(nested[section]) ? nested[section] : {}), [name]: raw }
  }
  return nested
}

interface ReadToml {
  readonly file: string | null
  readonly toml: Readonly<Record<string, unknown>>
  readonly findings: readonly Finding[]
}

function readToml(place: ConfigurationPlace): ReadToml {
  const named = place.file ?? place.environment.JOTWARDEN_CONFIG
  const file = resolve(place.folder, named ?? 'jotwarden.toml')
  const text = readText(file, named !== undefined)
  if (text === undefined) return { file: null, toml: {}, findings: [] }
  try {
    return { file, toml: parse(text), findings: [] }
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    return { file, toml: {}, findings: [notToml(error, file)] }
  }
}

function readText(file: string, named: boolean): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (!named && error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new Refusal(
      'misuse',
      `Cannot read the configuration file ${file}: ${REASONS.get(reason) ?? reason}`,
      {
        remedy: 'Name the file with --config FILE or JOTWARDEN_CONFIG, or write one with `jotwarden init`',
      },
    )
  }
}

// The error's own text quotes lines of the file, which may hold a secret.
function notToml(error: TomlError, file: string): Finding {
  const where = { key: `line ${error.line}`, source: { from: 'file', name: file } } as const
  if (error.message.includes(REDEFINED))
    return {
      ...where,
      problem: 'has a table or key that the file has already',
      remedy: 'Write each [table] and each key once: put the lines under the one that is there',
    }
  return {
    ...where,
    problem: `is not TOML (column ${error.column})`,
    remedy: 'Write key = "value" lines, with texts in double quotes; https://toml.io describes the format',
  }
}

const REDEFINED = 'trying to redefine an already defined table or value'

/** Keys that hold a path, with their default. */
const PATHS: ReadonlyMap<string, string | undefined> = new Map([
  ['server.tls_cert', undefined],
  ['server.tls_key', undefined],
  ['store.path', 'data/jotwarden.db'],
  ['keys.kek_file', undefined],
  ['keys.epoch_file', 'jotwarden.epoch'],
  ['pages.logo', undefined],
  ['notices.secret_file', undefined],
])
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it does not exist'],
  ['EACCES', 'this user may not read it'],
  ['EISDIR', 'it is a folder'],
])
