import type { Notices } from '@jotwarden/authority'
import type { Logger } from 'pino'
import type { Configuration } from '../config/configuration.ts'
import type { Environment } from '../config/environment.ts'
import { Refusal } from '../refusal.ts'
import type { Repeated } from '../serve/repeat.ts'
import { systemClock } from '../state/system.ts'
import { deliverNotices } from './deliver.ts'
import { createWebhook } from './webhook.ts'
import { readWebhookSecret } from './webhook-secret.ts'

/**
 * How to begin to deliver notices to the receiver of the configuration; `undefined` when it names none. Throws `Refusal`, and
 * then nothing has begun.
 */
export function readyNotices(
  { issuer, notices: place }: Configuration,
  environment: Environment,
  notices: Notices,
  log: Logger,
): (() => Repeated) | undefined {
  const { url } = place
  if (url === undefined) return undefined
  const secret = readWebhookSecret(place, environment)
  if (typeof secret === 'string') {
    throw new Refusal('refused', `Cannot sign notices: notices ${secret}`, {
      remedy: 'Look at the secret for notices; `jotwarden config check` says more',
    })
  }
  const givingUp = new AbortController()
  const post = createWebhook({ issuer, url, secret, clock: systemClock, signal: givingUp.signal })
  return () => deliverNotices({ notices, post, giveUp: () => givingUp.abort(), clock: systemClock, log })
}
