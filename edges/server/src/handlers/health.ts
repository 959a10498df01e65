import { type Answer, jsonAnswer } from '../answer.ts'
import { reportError } from '../error-report.ts'
import { withDeadline } from '../platform.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers that the process is there. */
export function livenessHandler(): Answer {
  return jsonAnswer(200, { status: 'ok' })
}

/** Answers whether the process can do its work: it has a key to sign with, and what it needs answers in time. */
export function readinessHandler({ authority, health, logger }: ServerContext): Handler {
  return async ({ id }) => {
    try {
      await authority.keyring.renew()
      authority.keyring.signer()
      if (health !== undefined) await withDeadline(DEADLINE, health)
      return jsonAnswer(200, { status: 'ok' })
    } catch (error) {
      logger.warn({ request: id, error: reportError(error) }, 'not ready')
      return jsonAnswer(503, { status: 'unavailable' }, { 'retry-after': '5' })
    }
  }
}

/** Seconds. */
const DEADLINE = 2
