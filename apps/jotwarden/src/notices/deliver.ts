import type { Notice, Notices } from '@jotwarden/authority'
import type { Clock } from '@jotwarden/token'
import type { Logger } from 'pino'
import { type Repeated, repeat } from '../serve/repeat.ts'

export interface DeliveryOptions {
  readonly notices: Notices
  /** Rejects when the receiver did not take it. */
  readonly post: (notice: Notice) => Promise<void>
  /** Ends a `post` that is under way. */
  readonly giveUp: () => void
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Tells the receiver what is new, one after the other, apart from the requests: a sign-in never waits for it. What it does
 * not take is sent again, after a second at first and after five minutes at most, until it is three days old.
 */
export function deliverNotices({ notices, post, giveUp, clock, log }: DeliveryOptions): Repeated {
  let failures = 0
  let notBefore = 0
  let isStopped = false

  async function send(notice: Notice): Promise<void> {
    if (isStopped) throw new Error('Cannot deliver the notice: the server stops')
    try {
      await post(notice)
    } catch (error) {
      if (clock.now() - notice.at < GIVEN_UP) throw error
      log.error(
        { notice: notice.id, kind: notice.kind },
        'a notice is given up: nobody took it for three days',
      )
      return
    }
    if (failures > 0) log.info({}, 'notices can be delivered again')
    failures = 0
  }

  const repeated = repeat(
    BETWEEN,
    async () => {
      if (performance.now() / 1000 < notBefore) return
      while (!isStopped && (await notices.deliver(READER, send)) > 0);
    },
    (error) => {
      if (isStopped) return
      if (failures === 0) log.error({ reason: reasonOf(error) }, 'notices cannot be delivered')
      notBefore = performance.now() / 1000 + Math.min(2 ** failures, LONGEST_WAIT)
      failures += 1
    },
    { atOnce: true },
  )
  return {
    async stop() {
      isStopped = true
      giveUp()
      await repeated.stop()
    },
  }
}

/** The system's word for it: an address may hold a secret. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error
  if (cause instanceof Error && 'code' in cause) return String(cause.code)
  return error.message
}

const READER = 'notices'
/** Seconds. */
const BETWEEN = 1
const LONGEST_WAIT = 300
const GIVEN_UP = 3 * 86_400
