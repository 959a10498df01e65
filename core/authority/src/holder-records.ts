import type { Departure, HeldSecret, Holding, NewHolding } from './holdings.ts'
import type { SecurityEvent } from './security-event.ts'

/**
 * Where it is kept who holds which secret; one row a holder and secret. Events are written in the act, and only when it
 * changes something.
 */
export interface HolderRecords {
  /**
   * Adds a holding when `decideHolding` says so; else nothing is written. Of concurrent calls for the last place exactly one
   * is answered `added`.
   */
  add(
    issuer: string,
    holding: NewHolding,
    events: readonly SecurityEvent[],
  ): Promise<'added' | 'exists' | 'full'>

  /** All holdings, those of people who left as well, by holder and then secret. */
  list(issuer: string): Promise<readonly Holding[]>

  /** Takes out a holding that was never one. `left`, with nothing changed, once its holder is offboarded: that stays. */
  remove(
    issuer: string,
    holder: string,
    secret: HeldSecret,
    events: readonly SecurityEvent[],
  ): Promise<'removed' | 'unknown' | 'left'>

  /**
   * Changes each holding of the holder to what `departed` gives with the keys of that moment. `already` when all of them
   * had left, and `unknown` when there are none: then nothing is written.
   */
  offboard(
    issuer: string,
    departure: Departure,
    events: readonly SecurityEvent[],
  ): Promise<'offboarded' | 'already' | 'unknown'>

  /** Notes that nothing works any more of what the holder left with. Holdings that were settled before keep their date. */
  settle(
    issuer: string,
    holder: string,
    at: number,
    events: readonly SecurityEvent[],
  ): Promise<'settled' | 'already'>
}
