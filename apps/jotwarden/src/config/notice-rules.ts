import { readWebhookSecret } from '../notices/webhook-secret.ts'
import { isLoopback } from './address.ts'
import type { Environment } from './environment.ts'
import type { Finding } from './finding.ts'
import type { KnownValues } from './rules.ts'

/** Notices go over TLS, or stay on this machine, and are signed by a secret from one place. */
export function noticeRules(known: KnownValues, environment: Environment): readonly Finding[] {
  if (KEYS.some((key) => !(key in known))) return []
  const [url, file, variable] = KEYS.map((key) => text(known, key))
  if (url === undefined) {
    if (file === undefined && variable === undefined) return []
    return [finding(known, 'notices.url', 'is missing beside the secret for notices', URL_REMEDY)]
  }
  const fault = addressFault(url)
  if (fault !== undefined) return [finding(known, 'notices.url', fault, URL_REMEDY)]
  if ((file === undefined) === (variable === undefined)) {
    const problem = file === undefined ? 'is missing beside notices.url' : 'stands beside notices.secret_env'
    return [finding(known, 'notices.secret_file', problem, SECRET_REMEDY)]
  }
  const secret = readWebhookSecret({ secret_file: file, secret_env: variable }, environment)
  if (typeof secret !== 'string') return []
  return [
    finding(known, file === undefined ? 'notices.secret_env' : 'notices.secret_file', secret, SECRET_REMEDY),
  ]
}

function text(known: KnownValues, key: string): string | undefined {
  const value = known[key]?.value
  return typeof value === 'string' ? value : undefined
}

function addressFault(address: string): string | undefined {
  const url = URL.parse(address)
  if (url === null) return 'is not a URL'
  if (url.username !== '' || url.password !== '') return 'has credentials'
  const isNear = url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, ''))
  return url.protocol === 'https:' || isNear
    ? undefined
    : 'is not an https URL (http passes on loopback hosts alone)'
}

function finding(known: KnownValues, key: string, problem: string, remedy: string): Finding {
  return { key, source: known[key]?.source ?? { from: 'default' }, problem, remedy }
}

const URL_REMEDY = 'Write url = "https://mailer.example.com/notices"'
const SECRET_REMEDY =
  'Name one of secret_file and secret_env, which holds whsec_ and 24 to 64 random bytes in base64: (umask 077; echo "whsec_$(head -c 32 /dev/urandom | base64)" > notices.secret)'
const KEYS = ['notices.url', 'notices.secret_file', 'notices.secret_env']
