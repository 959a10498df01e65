import type { KeyEvent, KeyRecord, KeyRecords, KeyTransition } from '@jotwarden/keyring'
import { areSameRecords, transitioned } from '@jotwarden/keyring'

/** Records in a Map: each act is one synchronous step, so it is atomic. */
export class MemoryKeyRecords implements KeyRecords {
  readonly events: KeyEvent[] = []
  lists = 0
  #records = new Map<string, KeyRecord>()

  async add(
    issuer: string,
    records: readonly KeyRecord[],
    events: readonly KeyEvent[],
    seen?: readonly KeyRecord[],
  ): Promise<'added' | 'conflict'> {
    if (seen !== undefined && !areSameRecords(this.#of(issuer), seen)) return 'conflict'
    const next = new Map(this.#records)
    for (const record of records) {
      if (next.has(`${issuer} ${record.kid}`)) return 'conflict'
      next.set(`${issuer} ${record.kid}`, record)
    }
    if (hasTwoActive(next)) return 'conflict'
    this.#records = next
    this.events.push(...events)
    return 'added'
  }

  async list(issuer: string): Promise<readonly KeyRecord[]> {
    this.lists += 1
    return this.#of(issuer)
  }

  async reserve(issuer: string, kid: string, count: number, most: number): Promise<number> {
    const record = this.#records.get(`${issuer} ${kid}`)
    if (record === undefined) return 0
    const taken = Math.max(0, Math.min(count, most - record.uses))
    this.#records.set(`${issuer} ${kid}`, { ...record, uses: record.uses + taken })
    return taken
  }

  async transition(
    issuer: string,
    steps: readonly KeyTransition[],
    events: readonly KeyEvent[],
  ): Promise<'done' | 'conflict'> {
    const next = new Map(this.#records)
    for (const step of steps) {
      const record = next.get(`${issuer} ${step.kid}`)
      if (record === undefined || record.version !== step.version) return 'conflict'
      next.set(`${issuer} ${step.kid}`, transitioned(record, step))
    }
    if (hasTwoActive(next)) return 'conflict'
    this.#records = next
    this.events.push(...events)
    return 'done'
  }

  #of(issuer: string): readonly KeyRecord[] {
    return [...this.#records.values()].filter((record) => record.issuer === issuer)
  }

  /** A row changed behind the back of every rule. */
  tamper(kid: string, change: Partial<KeyRecord>): void {
    for (const [place, record] of this.#records) {
      if (record.kid === kid) this.#records.set(place, { ...record, ...change, version: record.version + 1 })
    }
  }
}

function hasTwoActive(records: ReadonlyMap<string, KeyRecord>): boolean {
  const active = [...records.values()].filter(({ state }) => state === 'active')
  return new Set(active.map(({ issuer, purpose }) => `${issuer} ${purpose}`)).size !== active.length
}
