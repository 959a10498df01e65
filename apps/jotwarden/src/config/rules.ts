import { existsSync } from 'node:fs'
import { dirname, sep } from 'node:path'
import { formatAddress, isLoopback } from './address.ts'
import type { Configuration } from './configuration.ts'
import type { Environment } from './environment.ts'
import type { Finding, Source } from './finding.ts'
import { loopbackAuthority } from './issuer.ts'
import { keyPlanRules } from './key-plan-rules.ts'
import { noticeRules } from './notice-rules.ts'

/** The values that passed on their own, by key. A rule whose values did not pass is silent: they are reported already. */
export type KnownValues = Readonly<
  Record<string, { readonly value: unknown; readonly source: Source } | undefined>
>

/** Checks what values must be together. */
export function checkRules(known: KnownValues, environment: Environment): readonly Finding[] {
  return [
    ...tlsRules(known),
    ...exposureRules(known),
    ...portRules(known),
    ...metricsRules(known),
    ...kekRules(known, environment),
    ...epochFileRules(known),
    ...keyPlanRules(known),
    ...lifetimeRules(known),
    ...resourceRules(known),
    ...noticeRules(known, environment),
  ]
}

function tlsRules(known: KnownValues): readonly Finding[] {
  const cert = read(known, 'server.tls_cert')
  const key = read(known, 'server.tls_key')
  const findings: Finding[] = []
  if (typeof cert === 'string' && !existsSync(cert)) findings.push(noFile(known, 'server.tls_cert', cert))
  if (typeof key === 'string' && !existsSync(key)) findings.push(noFile(known, 'server.tls_key', key))
  if (cert !== undefined && 'server.tls_key' in known && key === undefined) {
    findings.push(
      finding(
        known,
        'server.tls_key',
        'is missing beside server.tls_cert',
        'Write tls_key = "private-key.pem"',
      ),
    )
  }
  if (key !== undefined && 'server.tls_cert' in known && cert === undefined) {
    findings.push(
      finding(
        known,
        'server.tls_cert',
        'is missing beside server.tls_key',
        'Write tls_cert = "certificate.pem"',
      ),
    )
  }
  if (cert !== undefined && String(read(known, 'issuer')).startsWith('http:')) {
    findings.push(
      finding(known, 'issuer', 'is http although server.tls_cert is set', 'Write the issuer with https'),
    )
  }
  return findings
}

/** Tokens and passwords travel over TLS: ended here, or at a proxy that is named (RFC 9700 §2.6). */
function exposureRules(known: KnownValues): readonly Finding[] {
  const listen = known['server.listen']?.value
  const issuer = read(known, 'issuer')
  if (!isAddress(listen) || hasTlsOrProxy(known)) return []
  const remedy =
    'Set server.tls_cert and server.tls_key, or list the TLS proxy before this server in server.trusted_proxies'
  if (!isLoopback(listen.host)) {
    return [
      finding(
        known,
        'server.listen',
        `${listen.host} can be reached from other machines, without TLS`,
        remedy,
      ),
    ]
  }
  if (typeof issuer === 'string' && issuer.startsWith('https:')) {
    return [finding(known, 'issuer', 'is https, but nothing is said of where TLS ends', remedy)]
  }
  return []
}

/** Nothing stands between an http issuer and the socket: clients come to the port that the issuer names. */
function portRules(known: KnownValues): readonly Finding[] {
  const listen = known['server.listen']?.value
  const issuer = read(known, 'issuer')
  if (!isAddress(listen) || listen.port === 0 || hasTlsOrProxy(known)) return []
  const host = typeof issuer === 'string' ? loopbackAuthority(issuer) : undefined
  if (host === undefined || host.port === listen.port) return []
  return [
    finding(
      known,
      'server.listen',
      `has the port ${listen.port}, but clients reach an http issuer at its own port, ${host.port}`,
      `Write listen = "${formatAddress(host)}", or the issuer with the port ${listen.port}`,
    ),
  ]
}

/** Metrics tell strangers how busy a server is and what is tried on it, and ask nobody for a credential. */
function metricsRules(known: KnownValues): readonly Finding[] {
  const listen = known['metrics.listen']?.value
  if (!isAddress(listen) || isLoopback(listen.host) || read(known, 'metrics.beyond_loopback') !== false)
    return []
  return [
    finding(
      known,
      'metrics.listen',
      `${listen.host} can be reached from other machines, and asks nobody who they are`,
      'Write listen = "127.0.0.1:9464"; or beyond_loopback = true where the network lets only your Prometheus through',
    ),
  ]
}

function hasTlsOrProxy(known: KnownValues): boolean {
  if (!('server.tls_cert' in known) || !('server.trusted_proxies' in known)) return true
  const proxies = read(known, 'server.trusted_proxies')
  return read(known, 'server.tls_cert') !== undefined || (Array.isArray(proxies) && proxies.length > 0)
}

/** The keys at rest are wrapped under a key kept apart from them; there is no default for where. */
function kekRules(known: KnownValues, environment: Environment): readonly Finding[] {
  const file = read(known, 'keys.kek_file')
  const variable = read(known, 'keys.kek_env')
  const direct = environment.JOTWARDEN_KEK
  const sources = [file, variable, direct].filter((source) => source !== undefined && source !== '')
  if (sources.length === 0) {
    if (!('keys.kek_file' in known) || !('keys.kek_env' in known)) return []
    return [
      finding(
        known,
        'keys',
        'say nothing of the key-encryption key, so private keys could not be kept safely',
        KEK_REMEDY,
      ),
    ]
  }
  if (sources.length > 1) {
    return [finding(known, 'keys', 'name more than one source of the key-encryption key', KEK_ONE_REMEDY)]
  }
  if (typeof variable === 'string' && (environment[variable] ?? '') === '') {
    return [
      finding(
        known,
        'keys.kek_env',
        `names ${variable}, which is not set`,
        `Set ${variable} to 32 random bytes in base64url`,
      ),
    ]
  }
  return [
    ...previousKekRules(known, environment),
    ...(typeof file === 'string' ? kekFileRules(known, file) : []),
  ]
}

/** A file holds the keys before in further lines; a variable cannot change under a running process. */
function previousKekRules(known: KnownValues, environment: Environment): readonly Finding[] {
  const previous = read(known, 'keys.previous_kek_env')
  if (typeof previous !== 'string') return []
  if (read(known, 'keys.kek_file') !== undefined) {
    const remedy = 'Leave it out; put the key before into a further line of the file'
    return [finding(known, 'keys.previous_kek_env', 'stands beside keys.kek_file', remedy)]
  }
  if ((environment[previous] ?? '') !== '') return []
  const remedy = `Set ${previous}, or leave keys.previous_kek_env out once \`jotwarden keys rewrap\` was run`
  return [finding(known, 'keys.previous_kek_env', `names ${previous}, which is not set`, remedy)]
}

function kekFileRules(known: KnownValues, file: string): readonly Finding[] {
  const data = dataFolderOf(known, file)
  if (data !== undefined) {
    return [
      finding(
        known,
        'keys.kek_file',
        `lies in ${data}, beside the data that it protects: a copy of the folder would hold both`,
        'Move it elsewhere, and leave it out of backups of the data',
      ),
    ]
  }
  if (existsSync(file)) return []
  return [finding(known, 'keys.kek_file', `names ${file}, which does not exist`, KEK_FILE_REMEDY)]
}

/** What tells a store that was set back must not be set back with it. */
function epochFileRules(known: KnownValues): readonly Finding[] {
  const file = read(known, 'keys.epoch_file')
  const data = typeof file === 'string' ? dataFolderOf(known, file) : undefined
  if (data === undefined) return []
  return [
    finding(
      known,
      'keys.epoch_file',
      `lies in ${data}, beside the data: who copies an old folder back takes it along`,
      'Move it elsewhere, and leave it out of backups of the data',
    ),
  ]
}

/** The folder of the data, when the file lies in it. */
function dataFolderOf(known: KnownValues, file: string): string | undefined {
  const store = read(known, 'store.path')
  if (typeof store !== 'string') return undefined
  return `${dirname(file)}${sep}`.startsWith(`${dirname(store)}${sep}`) ? dirname(store) : undefined
}

function lifetimeRules(known: KnownValues): readonly Finding[] {
  const idle = read(known, 'sessions.idle_lifetime')
  const whole = read(known, 'sessions.lifetime')
  if (typeof idle !== 'number' || typeof whole !== 'number' || idle <= whole) return []
  return [
    finding(
      known,
      'sessions.idle_lifetime',
      `is ${idle} s, longer than sessions.lifetime with ${whole} s`,
      'Make it shorter than sessions.lifetime',
    ),
  ]
}

function resourceRules(known: KnownValues): readonly Finding[] {
  const resources = known.resources?.value
  if (!isResources(resources)) return []
  const findings: Finding[] = []
  const seen = new Set<string>()
  for (const { identifier, scopes } of resources) {
    const remedy = 'Give each resource an identifier and scope names of its own'
    if (seen.has(identifier))
      findings.push(finding(known, 'resources', `declare ${identifier} twice`, remedy))
    if (identifier === read(known, 'issuer'))
      findings.push(finding(known, 'resources', 'declare the issuer itself', remedy))
    for (const scope of Object.keys(scopes).filter((name) => OWN_SCOPES.has(name))) {
      findings.push(finding(known, 'resources', `declare ${scope}, a scope of the authority's own`, remedy))
    }
    seen.add(identifier)
  }
  return findings
}

function read(known: KnownValues, key: string): unknown {
  return known[key]?.value
}

function finding(known: KnownValues, key: string, problem: string, remedy: string): Finding {
  return { key, source: known[key]?.source ?? { from: 'default' }, problem, remedy }
}

function noFile(known: KnownValues, key: string, file: string): Finding {
  return finding(
    known,
    key,
    `names ${file}, which does not exist`,
    'Name a PEM file that exists; paths are relative to the configuration file',
  )
}

function isAddress(value: unknown): value is Configuration['server']['listen'] {
  return typeof value === 'object' && value !== null && 'host' in value
}

function isResources(value: unknown): value is Configuration['resources'] {
  return Array.isArray(value)
}

const KEK_REMEDY =
  'Run `jotwarden init` to make a key file, or set JOTWARDEN_KEK to 32 random bytes in base64url'
const KEK_FILE_REMEDY =
  'Restore it from its backup; `jotwarden init` makes one for a new store, and `jotwarden keys replace-lost` is the way out when it is lost for good'
const KEK_ONE_REMEDY = 'Keep one of keys.kek_file, keys.kek_env and JOTWARDEN_KEK'
/** The scopes of the authority itself. */
export const OWN_SCOPES: ReadonlySet<string> = new Set(['openid', 'profile', 'email', 'offline_access'])
