/** Where one-time tokens, such as DPoP proofs, are remembered for as long as they would be accepted. */
export interface ReplayStore {
  /**
   * Remembers a key until a time, and says whether it was new: of any number of concurrent calls with one key exactly
   * one is answered true. Before its time is over a key is never forgotten; then it counts as new again.
   * Both times are in seconds since the epoch. Throws when it cannot tell or cannot remember: it never answers true
   * in doubt.
   */
  remember(key: string, until: number, now: number): boolean | Promise<boolean>
}
