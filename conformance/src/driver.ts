import type { Stores } from '@jotwarden/authority'

/** The product under test. */
export interface Driver {
  /** Opens an empty product; called once a test. The suite closes what it opened. */
  open(): Promise<Stores>
  /** Opens the product that `open` gave last once more, as another node would; left out where only one process can. */
  openAgain?(): Promise<Stores>
}

/** What a suite asks of a test runner. */
export interface Runner {
  test(name: string, run: () => Promise<void>): unknown
}
