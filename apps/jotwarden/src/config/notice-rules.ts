import { parseWebhookSecret } from '../notices/webhook-secret.ts'
import { isLoopback } from './address.ts'
import type { Environment } from './environment.ts'
import type { Finding } from './finding.ts'
import type { KnownValues } from './rules.ts'

/** Notices go over TLS, or stay on this machine, and are signed. */
export function noticeRules(known: KnownValues, environment: Environment): readonly Finding[] {
  const url = known['notices.url']?.value
  const variable = known['notices.secret_env']?.value
  if (typeof url !== 'string') {
    if (variable === undefined || !('notices.url' in known)) return []
    return [finding(known, 'notices.url', 'is missing beside notices.secret_env', URL_REMEDY)]
  }
  const fault = addressFault(url)
  if (fault !== undefined) return [finding(known, 'notices.url', fault, URL_REMEDY)]
  if (typeof variable !== 'string') {
    if (!('notices.secret_env' in known)) return []
    return [finding(known, 'notices.secret_env', 'is missing beside notices.url', SECRET_REMEDY)]
  }
  if (parseWebhookSecret(environment[variable] ?? '') !== undefined) return []
  return [finding(known, 'notices.secret_env', `names ${variable}, which holds no secret`, SECRET_REMEDY)]
}

function addressFault(text: string): string | undefined {
  const url = URL.parse(text)
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
  'Write secret_env = "NAME", and set that variable to whsec_ and 24 to 64 random bytes in base64: echo "whsec_$(head -c 32 /dev/urandom | base64)"'
