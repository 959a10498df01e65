/** Where the time comes from; rules never read a clock of their own. */
export interface Clock {
  /** Seconds since the epoch, possibly with a fraction (NumericDate, RFC 7519 §2). */
  now(): number
}

/** Where randomness comes from. */
export interface Random {
  /** `length` bytes from a cryptographically secure source. */
  bytes(length: number): Uint8Array
}
