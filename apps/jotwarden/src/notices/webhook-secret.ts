import { readFileSync, statSync } from 'node:fs'
import { Secret } from '@jotwarden/token'
import type { Environment } from '../config/environment.ts'

/** Where the secret is: a file, or a variable of this name. */
export interface SecretPlace {
  readonly secret_file?: string | undefined
  readonly secret_env?: string | undefined
}

/** Reads the secret that notices are signed with, or says what is wrong with it. */
export function readWebhookSecret(place: SecretPlace, environment: Environment): Secret | string {
  const { secret_file: file, secret_env: variable } = place
  if (file === undefined) {
    const text = environment[variable ?? ''] ?? ''
    return parseWebhookSecret(text) ?? `names ${variable}, which holds no secret`
  }
  try {
    if ((statSync(file).mode & 0o077) !== 0) return `names ${file}, which others may read (chmod 600)`
    return parseWebhookSecret(readFileSync(file, 'utf8')) ?? `names ${file}, which holds no secret`
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return `names ${file}, which cannot be read (${code})`
  }
}

/** As Standard Webhooks writes it; `undefined` when it is none. */
function parseWebhookSecret(text: string): Secret | undefined {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text.trim())?.[1]
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64')
  if (bytes === undefined || bytes.length < 24 || bytes.length > 64) return undefined
  return bytes.toString('base64') === base64 ? Secret.fromBytes(new Uint8Array(bytes)) : undefined
}
