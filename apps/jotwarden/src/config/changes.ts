import { isDeepStrictEqual } from 'node:util'
import type { Configuration } from './configuration.ts'
import { settings } from './schema.ts'
import { isTable } from './unknown-keys.ts'

/** The keys in which two configurations differ. */
export interface ConfigurationChanges {
  /** What a running server can follow. */
  readonly live: readonly string[]
  /** What takes a restart. */
  readonly fixed: readonly string[]
}

/** Compares what is in force with what is to be. */
export function compareConfigurations(before: Configuration, after: Configuration): ConfigurationChanges {
  const changed = settings()
    .filter(({ path }) => !isDeepStrictEqual(valueAt(before, path), valueAt(after, path)))
    .map(({ key }) => key)
  const isFixed = (key: string) => FIXED.has(key) || (TLS.has(key) && hasTls(before) !== hasTls(after))
  return { live: changed.filter((key) => !isFixed(key)), fixed: changed.filter(isFixed) }
}

function valueAt(configuration: Configuration, [section, name]: readonly [string, string?]): unknown {
  const held: unknown = Object.entries(configuration).find(([key]) => key === section)?.[1]
  if (name === undefined) return held
  return isTable(held) ? held[name] : undefined
}

/** A socket speaks TLS or it does not; only where the certificate lies may change. */
function hasTls({ server }: Configuration): boolean {
  return server.tls_cert !== undefined
}

/** What was opened at the start and stays open, and the form of the log, which somebody is reading. */
const FIXED: ReadonlySet<string> = new Set([
  'issuer',
  'server.listen',
  'store.path',
  'keys.kek_file',
  'keys.kek_env',
  'keys.previous_kek_env',
  'keys.epoch_file',
  'log.format',
  'metrics.listen',
  'metrics.beyond_loopback',
  // Their files have names by content: a page that was loaded before would miss its style sheet
  'pages.language',
  'pages.name',
  'pages.color',
  'pages.logo',
  'notices.url',
  'notices.secret_file',
  'notices.secret_env',
])
const TLS: ReadonlySet<string> = new Set(['server.tls_cert', 'server.tls_key'])
