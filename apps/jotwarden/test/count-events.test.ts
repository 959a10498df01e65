import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countEvents } from '../src/metrics/count-events.ts'
import { Registry } from '../src/metrics/registry.ts'
import { parseMetrics, total } from './metrics-page.ts'

const CORE = join(import.meta.dirname, '../../../core')

test('countEvents() tells every cause that core writes by its word', () => {
  const words = causesIn(['authority', 'keyring'].map((name) => join(CORE, name, 'src')))
  expect(words.length).toBeGreaterThanOrEqual(15)
  expect(words).toEqual(expect.arrayContaining(['administrator', 'kek-stolen', 'superseded', 'at-once']))
  for (const cause of [...words, 'person', 'ended-secret', 'new-network', 'quota', 'set-back'])
    expect([cause, counted('session-ended', cause, { cause })]).toEqual([cause, 1])
})

test('countEvents() tells no cause that somebody made up', () => {
  for (const cause of ['client:orders-web', 'tokens.access_token_lifetime', 'made-up']) {
    expect(counted('session-ended', cause, { cause })).toBe(0)
    expect(counted('session-ended', cause, { cause: 'other' })).toBe(1)
  }
})

test('countEvents() counts a key as taken back when it is compromised or its key-encryption key was stolen', () => {
  for (const [cause, count] of [
    ['compromised', 1] as const,
    ['kek-stolen', 1] as const,
    ['kek-lost', 0] as const,
  ]) {
    const registry = new Registry()
    countEvents(registry).recorded([{ type: 'key-state-changed', at: 1, kid: 'kid', cause }])
    expect(total(parseMetrics(registry.text()), 'jotwarden_revocations_total', { kind: 'key' })).toBe(count)
  }
})

function counted(type: 'session-ended', cause: string, labels: Readonly<Record<string, string>>): number {
  const registry = new Registry()
  countEvents(registry).recorded([{ type, at: 1, cause }])
  return total(parseMetrics(registry.text()), 'jotwarden_security_events_total', { type, ...labels })
}

/** The words that stand behind `cause:` and `cause =`. */
function causesIn(folders: readonly string[]): readonly string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  )
  const places = files.flatMap((text) => text.match(/\bcause(?::| =) [^}=\n]*/g) ?? [])
  const words = places.flatMap((place) => place.match(/(?<!\[)'[a-z]+(?:-[a-z]+)*'/g) ?? [])
  return [...new Set(words)].map((word) => word.slice(1, -1))
}
