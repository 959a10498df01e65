import type { RotationOutcome, SecurityEvent } from '@jotwarden/authority'
import { expect, test } from 'vitest'
import { countEvents } from '../src/metrics/count-events.ts'
import { formatFamily } from '../src/metrics/exposition.ts'
import { Registry } from '../src/metrics/registry.ts'
import { parseMetrics, total } from './metrics-page.ts'

test('a histogram counts what is at most its bound, in buckets that hold those before them', () => {
  const registry = new Registry()
  for (const acts of [1, 2, 3, 256, 257]) registry.observe('jotwarden_store_commit_acts', [], acts)
  const lines = registry
    .text()
    .split('\n')
    .filter((line) => line.startsWith('jotwarden_store_commit_acts'))
  expect(lines).toEqual([
    'jotwarden_store_commit_acts_bucket{le="1"} 1',
    'jotwarden_store_commit_acts_bucket{le="2"} 2',
    'jotwarden_store_commit_acts_bucket{le="4"} 3',
    ...[8, 16, 32, 64, 128].map((bound) => `jotwarden_store_commit_acts_bucket{le="${bound}"} 3`),
    'jotwarden_store_commit_acts_bucket{le="256"} 4',
    'jotwarden_store_commit_acts_bucket{le="+Inf"} 5',
    'jotwarden_store_commit_acts_sum 519',
    'jotwarden_store_commit_acts_count 5',
  ])
})

test('values of labels are escaped, so that none can end its line', () => {
  const family = { type: 'gauge', labels: ['a', 'b'], help: 'A \\ in\na help' } as const
  const text = formatFamily('x', family, [{ labels: ['"\\', 'one\ntwo'], value: 1, counts: [] }])
  expect(text).toBe('# HELP x A \\\\ in\\na help\n# TYPE x gauge\nx{a="\\"\\\\",b="one\\ntwo"} 1\n')
})

test('what would have too many labels is counted as other, and nothing is lost', () => {
  const registry = new Registry()
  for (let route = 0; route < 5000; route += 1)
    registry.add('jotwarden_http_requests_total', [`/${route}`, 'GET', '200'])
  const families = parseMetrics(registry.text())
  expect(total(families, 'jotwarden_http_requests_total')).toBe(5000)
  expect(total(families, 'jotwarden_http_requests_total', { route: 'other' })).toBe(4000)
})

test('a cause that nobody here gives is other, whatever it says', () => {
  const registry = new Registry()
  const event = { type: 'session-ended', at: 1 } as const
  const events: SecurityEvent[] = [
    { ...event, cause: 'ada asked for it by telephone' },
    { ...event, cause: 'logout' },
    event,
  ]
  countEvents(registry).recorded(events)
  const families = parseMetrics(registry.text())
  for (const cause of ['other', 'logout', ''])
    expect(total(families, 'jotwarden_revocations_total', { kind: 'session', cause })).toBe(1)
  expect(registry.text()).not.toContain('telephone')
})

test('a cause of our own is told as it is: a person, a secret that was replaced, an erasure', () => {
  const registry = new Registry()
  const causes = ['person', 'secret-replaced', 'account-erased', 'restored-copy', 'quota', 'ended-secret']
  countEvents(registry).recorded(causes.map((cause) => ({ type: 'client-revoked', at: 1, cause })))
  const families = parseMetrics(registry.text())
  for (const cause of causes)
    expect(total(families, 'jotwarden_revocations_total', { kind: 'client', cause })).toBe(1)
})

test('a key that is taken back counts as a revocation, one that retires does not', () => {
  const registry = new Registry()
  const event = { type: 'key-state-changed', at: 1, kid: 'k', purpose: 'token-signing' } as const
  countEvents(registry).recorded([
    { ...event, cause: 'retiring' },
    { ...event, cause: 'compromised' },
  ])
  const families = parseMetrics(registry.text())
  expect(total(families, 'jotwarden_revocations_total')).toBe(1)
  expect(total(families, 'jotwarden_revocations_total', { kind: 'key', cause: 'compromised' })).toBe(1)
})

test('the interval between refreshes is the mean of the session so far', () => {
  const registry = new Registry()
  const session = { createdAt: 1000, rotatedAt: 2200, generation: 4 }
  const { rotated } = countEvents(registry)
  rotated({ outcome: 'rotated', session } as RotationOutcome)
  rotated({ outcome: 'reused', session } as RotationOutcome)
  const families = parseMetrics(registry.text())
  expect(registry.text()).toContain('jotwarden_refresh_interval_seconds_sum 300\n')
  expect(total(families, 'jotwarden_refresh_interval_seconds')).toBe(1)
  expect(total(families, 'jotwarden_refreshes_total', { outcome: 'reused' })).toBe(1)
})
