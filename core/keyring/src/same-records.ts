import type { KeyRecord } from './key-record.ts'

/** Whether both lists hold the same records in the same versions, in whatever order. Every store uses this, so that none differs. */
export function areSameRecords(one: readonly KeyRecord[], other: readonly KeyRecord[]): boolean {
  if (one.length !== other.length) return false
  const versions = new Map(one.map(({ kid, version }) => [kid, version]))
  return versions.size === one.length && other.every(({ kid, version }) => versions.get(kid) === version)
}
