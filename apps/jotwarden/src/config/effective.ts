import { formatAddress } from './address.ts'
import type { Environment } from './environment.ts'
import { describeSource } from './finding.ts'
import type { EffectiveValue, LoadedConfiguration } from './load.ts'

/** A value as it is shown: never the key-encryption key, only where it comes from. */
export interface ShownValue {
  readonly key: string
  readonly value: unknown
  readonly source: string
}

/** The values in force with their sources, secrets redacted. Refused values are left out: they are findings. */
export function shownValues(loaded: LoadedConfiguration, environment: Environment): readonly ShownValue[] {
  const shown = loaded.values
    .filter(({ value }) => value !== undefined)
    .map((held) => ({ key: held.key, value: plain(held), source: describeSource(held.source) }))
  if ((environment.JOTWARDEN_KEK ?? '') === '') return shown
  return [...shown, { key: 'key-encryption key', value: '[secret]', source: 'JOTWARDEN_KEK' }]
}

/** The value on one line. */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(formatItem).join(', ')
  return JSON.stringify(value)
}

function formatItem(item: unknown): string {
  if (typeof item === 'object' && item !== null && 'identifier' in item) return String(item.identifier)
  return String(item)
}

function plain({ key, value }: EffectiveValue): unknown {
  if (!ADDRESSES.has(key) || typeof value !== 'object' || value === null) return value
  if (!('host' in value) || !('port' in value)) return value
  return formatAddress({ host: String(value.host), port: Number(value.port) })
}

const ADDRESSES: ReadonlySet<string> = new Set(['server.listen', 'metrics.listen'])
