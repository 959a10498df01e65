import type { Authority } from '@jotwarden/authority'
import type { RequestLogOptions, Server } from '@jotwarden/server'
import type { Logger } from 'pino'
import { compareConfigurations } from '../config/changes.ts'
import { checkFiles } from '../config/check-files.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Finding } from '../config/finding.ts'
import { type ConfigurationPlace, type EffectiveValue, loadConfiguration } from '../config/load.ts'
import { type OpenedAuthority, settingsOf } from '../state/open-authority.ts'
import { systemClock } from '../state/system.ts'
import type { Certificate } from './certificate.ts'
import type { Tended } from './tend.ts'
import type { TlsFiles } from './tls-pair.ts'

/** What of a running server another configuration changes. */
export interface Running {
  readonly place: ConfigurationPlace
  readonly opened: OpenedAuthority
  readonly server: Server
  /** Undefined when TLS is not ended here. */
  readonly certificate: Certificate | undefined
  readonly tended: Tended
  readonly log: Logger
  /** The authority as it is counted by metrics, where there are any. */
  readonly counted: (authority: Authority) => Authority
  /** Tells the log what it is to tell. */
  readonly logBy: (configuration: Configuration) => void
}

/** What came of reading the configuration again. */
export type Reloaded =
  /** The keys that differ from before; none, and nothing has changed but perhaps the certificate. */
  | { readonly reloaded: true; readonly changed: readonly string[] }
  /** Everything that is wrong; nothing has changed. */
  | { readonly reloaded: false; readonly findings: readonly Finding[] }

/** Makes the act that reads the configuration again, beginning from the one in force. It never rejects. */
export function createReload(running: Running, first: Configuration): () => Promise<Reloaded> {
  let inForce = first
  return async () => {
    try {
      const next = readConfiguration(running.place, inForce)
      const changed = await putInForce(running, inForce, next)
      inForce = next
      running.log.info({ changed }, 'configuration read again')
      return { reloaded: true, changed }
    } catch (error) {
      const findings = error instanceof RefusedConfiguration ? error.findings : [failure(error)]
      running.log.error({ findings }, 'the configuration is refused; the one before stays in force')
      return { reloaded: false, findings }
    }
  }
}

/** Checks all that `config check` does, and that the server can follow. Throws `RefusedConfiguration`. */
function readConfiguration(place: ConfigurationPlace, before: Configuration): Configuration {
  const { configuration, findings, values } = loadConfiguration(place)
  const all = [
    ...findings,
    ...(configuration === undefined ? [] : checkFiles(configuration, place.environment)),
  ]
  if (configuration === undefined || all.length > 0) throw new RefusedConfiguration(all)
  const fixed = new Set(compareConfigurations(before, configuration).fixed)
  if (fixed.size === 0) return configuration
  throw new RefusedConfiguration(values.filter(({ key }) => fixed.has(key)).map(takesRestart))
}

/** Makes everything ready first; then nothing can fail, and nothing waits between the first change and the last. */
async function putInForce(
  running: Running,
  before: Configuration,
  next: Configuration,
): Promise<readonly string[]> {
  const { opened, server, tended } = running
  const { live } = compareConfigurations(before, next)
  const { keyring } = opened.authority
  const authority = running.counted(opened.authority.withSettings(settingsOf(next)))
  const answerByIt = server.prepare({
    authority,
    trustedProxies: next.server.trusted_proxies,
    jwksMaxAge: next.keys.jwks_max_age,
    requestLog: requestLogOf(next),
  })
  const showCertificate = await certificateOf(running, next)
  if (live.length === 0) {
    showCertificate()
    return live
  }
  // Nothing may be signed under the new lifetimes by a key that was retired under the old ones
  await tended.whileKeysRest(async () => {
    await keyring.refresh()
    const event = { type: 'configuration-changed', at: systemClock.now(), cause: live.join(' ') } as const
    await opened.stores.events.record(next.issuer, [event])
    opened.follow(next)
    answerByIt()
    showCertificate()
    running.logBy(next)
  })
  return live
}

async function certificateOf({ certificate }: Running, next: Configuration): Promise<() => void> {
  const files = tlsFilesOf(next)
  return files === undefined || certificate === undefined ? () => undefined : certificate.prepare(files)
}

/** What the log says of requests. */
export function requestLogOf({ log: { requests, slow, addresses } }: Configuration): RequestLogOptions {
  return { every: requests, slow, addresses }
}

/** The files of the certificate, when TLS is ended here. */
export function tlsFilesOf({ server }: Configuration): TlsFiles | undefined {
  if (server.tls_cert === undefined || server.tls_key === undefined) return undefined
  return { cert: server.tls_cert, key: server.tls_key }
}

class RefusedConfiguration extends Error {
  override readonly name = 'RefusedConfiguration'
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    super('Cannot use the configuration')
    this.findings = findings
  }
}

function takesRestart({ key, source }: EffectiveValue): Finding {
  return {
    key,
    source,
    problem: 'cannot change while the server runs',
    remedy: 'Set it back, or restart the server',
  }
}

function failure(error: unknown): Finding {
  const problem = error instanceof Error ? error.message : 'could not be put in force'
  return {
    key: 'configuration',
    source: { from: 'default' },
    problem,
    remedy: 'Put right what it says, and send SIGHUP again',
  }
}
