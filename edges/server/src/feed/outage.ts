import { reportError } from '../error-report.ts'
import type { Logger } from '../logger.ts'
import { later } from '../platform.ts'

/** Tells the log once when an outage begins, and once when it is over. */
export class Outage {
  readonly #logger: Logger
  #isOn = false

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Waits for the act for as long as it takes: what hangs is not asked a second time. */
  async watch<T>(act: () => Promise<T>): Promise<T> {
    const stop = later(LONGEST_READING, () => this.#begin({ seconds: LONGEST_READING }))
    try {
      return await act()
    } finally {
      stop()
    }
  }

  begin(error: unknown): void {
    this.#begin({ error: reportError(error) })
  }

  end(): void {
    if (!this.#isOn) return
    this.#isOn = false
    this.#logger.info({}, 'the revocation log can be read again')
  }

  #begin(event: object): void {
    if (this.#isOn) return
    this.#isOn = true
    this.#logger.warn(event, 'the revocation log cannot be read: the feed is silent')
  }
}

/** Seconds. */
const LONGEST_READING = 5
