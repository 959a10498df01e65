import type { KeyEvent } from './key-event.ts'
import type { KeyRecord } from './key-record.ts'
import type { KeyTransition } from './key-transition.ts'

/**
 * Where key records live. Each promise resolves only when its act is durable, and rejects only when
 * the store cannot answer. Events are written in the same atomic act, or not at all.
 */
export interface KeyRecords {
  /**
   * Adds a batch of records in one atomic act. `conflict`, with nothing written, when a `kid` is already
   * there or when a purpose would have two active keys: of two concurrent calls that would each make
   * the first active key of a purpose, exactly one sees `added`.
   * `seen`: given, `conflict` also when the issuer's records are not exactly those any more, by kid and version. What was
   * wrapped for them may be under a key-encryption key that is gone meanwhile.
   */
  add(
    issuer: string,
    records: readonly KeyRecord[],
    events: readonly KeyEvent[],
    seen?: readonly KeyRecord[],
  ): Promise<'added' | 'conflict'>

  /** All records of the issuer, in any order, as of one moment. */
  list(issuer: string): Promise<readonly KeyRecord[]>

  /**
   * Takes `count` further uses of the key, or what is left up to `most` in all, and answers how many: 0 when there is no such
   * key. Calls at the same time each get their own: what was answered never adds up to more than `most`, nor to more than
   * the record says. The version stays.
   */
  reserve(issuer: string, kid: string, count: number, most: number): Promise<number>

  /**
   * Takes several steps in one atomic act. `conflict`, with nothing changed, when a record is missing or
   * its version is not the one given, or when after the whole batch a purpose would have two active keys.
   * The changed record is what `transitioned(record, step)` gives. A signing key that becomes compromised is marked in the
   * revocation log in the same act.
   */
  transition(
    issuer: string,
    steps: readonly KeyTransition[],
    events: readonly KeyEvent[],
  ): Promise<'done' | 'conflict'>
}
