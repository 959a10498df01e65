import { performance } from 'node:perf_hooks'
import type { Authority, RateLimiter } from '@jotwarden/authority'
import type { AnsweredRequest } from '@jotwarden/server'
import type { AuthorityObservers } from '../state/open-authority.ts'
import { version } from '../version.ts'
import { countEvents } from './count-events.ts'
import { countGuesses } from './count-guesses.ts'
import { countTokens } from './count-tokens.ts'
import { createProcessReader, type ProcessReader } from './read-process.ts'
import { readState, type StateSources } from './read-state.ts'
import { Registry } from './registry.ts'

/** What is counted of one authority. Nothing here has a name that a stranger chose: not a client, a person or a path. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #process: ProcessReader = createProcessReader()
  /** Who has to be told of what happens in the authority. */
  readonly observers: AuthorityObservers

  constructor() {
    const registry = this.#registry
    registry.set('jotwarden_build_info', [version, process.version], 1)
    this.observers = {
      stores: countEvents(registry),
      limiter: (limiter: RateLimiter) => countGuesses(limiter, registry),
      commits: {
        now: () => performance.now() / 1000,
        committed(acts, seconds) {
          registry.observe('jotwarden_store_commit_acts', [], acts)
          registry.observe('jotwarden_store_commit_wait_seconds', [], seconds)
        },
      },
    }
  }

  /** The same authority, counted where it issues tokens. */
  counted(authority: Authority): Authority {
    return countTokens(authority, this.#registry)
  }

  answered({ route, method, status, seconds }: AnsweredRequest): void {
    this.#registry.add('jotwarden_http_requests_total', [route, method, String(status)])
    this.#registry.observe('jotwarden_http_request_duration_seconds', [route], seconds)
  }

  pruned(rows: number): void {
    this.#registry.add('jotwarden_store_pruned_rows_total', [], rows)
  }

  /** Everything, as of now, in Prometheus' text format. */
  async text(sources: StateSources): Promise<string> {
    await readState(this.#registry, sources)
    this.#process.read(this.#registry)
    return this.#registry.text()
  }

  stop(): void {
    this.#process.stop()
  }
}
