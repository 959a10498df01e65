/** Where time comes from. */
export interface Clock {
  /** Seconds since the epoch; may have a fraction. */
  now(): number
}

/** Where chance comes from; must be fit for keys. */
export interface Random {
  bytes(length: number): Uint8Array
}
