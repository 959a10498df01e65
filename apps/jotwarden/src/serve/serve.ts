import type { Authority } from '@jotwarden/authority'
import { createServer, type PageOptions } from '@jotwarden/server'
import type { Configuration } from '../config/configuration.ts'
import { pageOptions } from '../config/pages.ts'
import { placeOf, useConfiguration } from '../config/use.ts'
import { refuseDevelopmentIdentities } from '../dev/refuse-development.ts'
import { exposeMetrics } from '../metrics/expose-metrics.ts'
import { Metrics } from '../metrics/metrics.ts'
import type { StateSources } from '../metrics/read-state.ts'
import { readyNotices } from '../notices/ready-notices.ts'
import { createLog, flushLog } from '../output/log.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { openAuthority } from '../state/open-authority.ts'
import { SET_BACK } from '../state/set-back.ts'
import { systemClock } from '../state/system.ts'
import { createCertificate } from './certificate.ts'
import type { HangUps } from './hang-ups.ts'
import { type Listener, listen } from './listen.ts'
import { createReload, type Reloaded, type Running, requestLogOf, tlsFilesOf } from './reload.ts'
import { SHUTDOWN_SECONDS, shutdownSignal } from './shutdown.ts'
import { tend } from './tend.ts'
import { checkTlsPair, readTlsFiles, type TlsPair } from './tls-pair.ts'

/** How to run. */
export interface ServeOptions {
  readonly config: string | undefined
  readonly quiet: boolean
  /** Prints a JSON line on stdout once requests are answered, and for each reload; the log then goes to stderr. */
  readonly json: boolean
}

/**
 * Runs the authority of the configuration until a signal, and reads the configuration again at each SIGHUP.
 * Throws `Refusal` when it cannot start.
 */
export async function serve(terminal: Terminal, options: ServeOptions, hangUps: HangUps): Promise<void> {
  const configuration = useConfiguration(terminal, options.config)
  const levelOf = ({ log }: Configuration) => (options.quiet ? quieter(log.level) : log.level)
  const stream = options.json ? terminal.stderr : terminal.stdout
  const log = createLog({ level: levelOf(configuration), format: configuration.log.format, stream })
  const tell = (line: object) => (options.json ? print(terminal, JSON.stringify(line)) : undefined)
  const stop = shutdownSignal()
  const metrics = configuration.metrics.listen === undefined ? undefined : new Metrics()
  const pages = pageOptions(configuration)
  const opened = await openAuthority(configuration, terminal.environment, metrics?.observers)
  try {
    if (opened.wasSetBack) log.warn(SET_BACK)
    await refuseDevelopmentIdentities(opened)
    await opened.setBack.pulse()
    const logBy = (next: Configuration) => {
      log.level = levelOf(next)
    }
    const place = placeOf(terminal, options.config)
    const answering = await answer(configuration, { place, opened, log, logBy, metrics, pages })
    log.info({ issuer: configuration.issuer, ...answering.urls }, 'listening')
    tell({ ready: true, issuer: configuration.issuer, ...answering.urls })
    hangUps.obey(async () => tell(await answering.reload()))
    log.info({ signal: await stop }, 'stopping')
    await hangUps.stop()
    await answering.stop()
  } finally {
    metrics?.stop()
    await opened.close()
  }
  log.info('stopped')
  await flushLog(stream)
}

interface Parts extends Pick<Running, 'place' | 'opened' | 'log' | 'logBy'> {
  readonly metrics: Metrics | undefined
  readonly pages: PageOptions
}

/** Opens the socket and begins all that goes on beside it. */
async function answer(
  configuration: Configuration,
  parts: Parts,
): Promise<{ readonly urls: Urls; reload(): Promise<Reloaded>; stop(): Promise<void> }> {
  const { place, opened, log, metrics } = parts
  const counted = (authority: Authority) => metrics?.counted(authority) ?? authority
  const tls = await tlsOf(configuration)
  // Whatever may still refuse comes before the socket, which would keep the process from ending
  const deliver = readyNotices(configuration, place.environment, opened.authority.notices, log)
  const listener = await listen(configuration.server.listen, { tls, portRemedy: PORT_REMEDY })
  const server = createHandler(configuration, counted, parts)
  const exposed = await expose(metrics, configuration, { opened, server, listener })
  listener.answerWith(server.fetch)
  const tended = tend(opened, log, (rows) => metrics?.pruned(rows))
  const notices = deliver?.()
  const certificate = certificateOf(configuration, tls, listener, log)
  const watched = certificate?.watch(LOOK_AT_CERTIFICATE)
  return {
    urls: { url: listener.url, ...(exposed && { metrics: `${exposed.url}/metrics` }) },
    reload: createReload({ ...parts, counted, server, certificate, tended }, configuration),
    async stop() {
      await Promise.all([watched?.stop(), notices?.stop()])
      // Streams never end by themselves, and readers come back by themselves
      server.close()
      await listener.close(SHUTDOWN_SECONDS)
      await exposed?.close(0)
      await tended.stop()
    },
  }
}

interface Urls {
  readonly url: string
  readonly metrics?: string
}

function createHandler(
  configuration: Configuration,
  counted: Running['counted'],
  { opened, log, metrics, pages }: Parts,
) {
  return createServer({
    authority: counted(opened.authority),
    requestLog: requestLogOf(configuration),
    ...(metrics === undefined ? {} : { observe: (answered) => metrics.answered(answered) }),
    jwksMaxAge: configuration.keys.jwks_max_age,
    loopback: configuration.issuer.startsWith('http:'),
    trustedProxies: configuration.server.trusted_proxies,
    pages,
    logger: log,
    health: () => opened.stores.ping(),
    changes: () => opened.stores.dataVersion(),
  })
}

/** What cannot be exposed ends the start, and the socket that is open already with it. */
async function expose(
  metrics: Metrics | undefined,
  { metrics: { listen: address }, store }: Configuration,
  { listener, ...parts }: Pick<StateSources, 'opened' | 'server'> & { readonly listener: Listener },
): Promise<Listener | undefined> {
  if (metrics === undefined || address === undefined) return undefined
  try {
    return await exposeMetrics(metrics, address, { ...parts, storePath: store.path })
  } catch (error) {
    await listener.close(0)
    throw error
  }
}

async function tlsOf(configuration: Configuration): Promise<TlsPair | undefined> {
  const files = tlsFilesOf(configuration)
  if (files === undefined) return undefined
  const pair = await readTlsFiles(files)
  checkTlsPair(pair)
  return pair
}

function certificateOf(
  configuration: Configuration,
  pair: TlsPair | undefined,
  listener: Listener,
  log: ReturnType<typeof createLog>,
) {
  const files = tlsFilesOf(configuration)
  if (files === undefined || pair === undefined) return undefined
  return createCertificate({ files, pair, show: listener.showCertificate, log, clock: systemClock })
}

function quieter(level: Configuration['log']['level']): Configuration['log']['level'] {
  return level === 'debug' || level === 'info' ? 'warn' : level
}

const PORT_REMEDY = 'Stop the other process, or set server.listen to another port'
/** Seconds between two looks at the files of the certificate. */
const LOOK_AT_CERTIFICATE = 2
