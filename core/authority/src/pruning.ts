/** What goes: what has expired at `now`, and events before a moment, in batches of `limit`. */
export interface PruneOrder {
  readonly now: number
  readonly limit: number
  /** Null keeps all. */
  readonly eventsBefore: number | null
}

/** Seconds that codes are kept past their expiry, to notice replays. */
export const CODE_RETENTION = 600

/** Seconds that marks are kept past their expiry, for readers whose clocks lag. */
export const MARK_RETENTION = 300
