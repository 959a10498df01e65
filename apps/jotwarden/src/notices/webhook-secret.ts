import { Secret } from '@jotwarden/token'

/** Reads a secret as Standard Webhooks writes it; `undefined` when it is none. */
export function parseWebhookSecret(text: string): Secret | undefined {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text.trim())?.[1]
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64')
  if (bytes === undefined || bytes.length < 24 || bytes.length > 64) return undefined
  return bytes.toString('base64') === base64 ? Secret.fromBytes(new Uint8Array(bytes)) : undefined
}
