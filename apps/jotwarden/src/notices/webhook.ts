import { createHmac } from 'node:crypto'
import type { Notice } from '@jotwarden/authority'
import type { Clock, Secret } from '@jotwarden/token'

/** Where notices go. */
export interface WebhookOptions {
  readonly issuer: string
  readonly url: string
  readonly secret: Secret
  readonly clock: Clock
  /** Gives up what is under way. */
  readonly signal: AbortSignal
}

/**
 * Posts a notice, signed as Standard Webhooks has it: the receiver checks who sent it and when, and knows by its id one that
 * comes again. Anything but a 2xx within five seconds rejects; a redirect is not followed.
 */
export function createWebhook(options: WebhookOptions): (notice: Notice) => Promise<void> {
  const { url, secret, clock, signal } = options
  return async (notice) => {
    const body = bodyOf(notice, options.issuer)
    const timestamp = String(Math.floor(clock.now()))
    const signed = createHmac('sha256', secret.reveal()).update(`${notice.id}.${timestamp}.${body}`)
    const answer = await fetch(url, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': notice.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signed.digest('base64')}`,
      },
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_ANSWER)]),
    })
    await answer.body?.cancel()
    if (!answer.ok) throw new Error(`Cannot deliver the notice: it was answered with ${answer.status}`)
  }
}

function bodyOf({ kind, at, subject, clientName }: Notice, issuer: string): string {
  const client = clientName === undefined ? {} : { client_name: clientName }
  return JSON.stringify({
    type: kind,
    timestamp: new Date(at * 1000).toISOString(),
    data: { issuer, subject, ...client },
  })
}

/** Milliseconds. */
const LONGEST_ANSWER = 5000
