import type { Notices } from '@jotwarden/authority'
import type { Logger } from 'pino'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import type { Repeated } from '../serve/repeat.ts'
import { systemClock } from '../state/system.ts'
import { deliverNotices } from './deliver.ts'
import { createWebhook } from './webhook.ts'
import { parseWebhookSecret } from './webhook-secret.ts'

/** Delivers notices to the receiver of the configuration; `undefined` when it names none. */
export function serveNotices(
  { issuer, notices: { url, secret_env: variable } }: Configuration,
  environment: Environment,
  notices: Notices,
  log: Logger,
): Repeated | undefined {
  const secret = variable === undefined ? undefined : parseWebhookSecret(environment[variable] ?? '')
  if (url === undefined || secret === undefined) return undefined
  const givingUp = new AbortController()
  const post = createWebhook({ issuer, url, secret, clock: systemClock, signal: givingUp.signal })
  return deliverNotices({ notices, post, giveUp: () => givingUp.abort(), clock: systemClock, log })
}
