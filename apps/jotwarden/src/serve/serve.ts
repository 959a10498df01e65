import { createServer, type PageOptions } from '@jotwarden/server'
import type { Configuration } from '../config/configuration.ts'
import { pageOptions } from '../config/pages.ts'
import { useConfiguration } from '../config/use.ts'
import { refuseDevelopmentIdentities } from '../dev/refuse-development.ts'
import { exposeMetrics } from '../metrics/expose-metrics.ts'
import { Metrics } from '../metrics/metrics.ts'
import type { StateSources } from '../metrics/read-state.ts'
import { createLog, flushLog } from '../output/log.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { type OpenedAuthority, openAuthority } from '../state/open-authority.ts'
import { SET_BACK } from '../state/set-back.ts'
import { type Listener, listen, type Tls } from './listen.ts'
import { SHUTDOWN_SECONDS, shutdownSignal } from './shutdown.ts'
import { tend } from './tend.ts'

/** How to run. */
export interface ServeOptions {
  readonly config: string | undefined
  readonly quiet: boolean
  /** Prints one JSON line on stdout once requests are answered; the log then goes to stderr. */
  readonly json: boolean
}

/** Runs the authority of the configuration until a signal. Throws `Refusal` when it cannot start. */
export async function serve(terminal: Terminal, options: ServeOptions): Promise<void> {
  const configuration = useConfiguration(terminal, options.config)
  const stream = options.json ? terminal.stderr : terminal.stdout
  const log = createLog({
    level: options.quiet ? quieter(configuration.log.level) : configuration.log.level,
    format: configuration.log.format,
    stream,
  })
  const stop = shutdownSignal()
  const metrics = configuration.metrics.listen === undefined ? undefined : new Metrics()
  const pages = pageOptions(configuration)
  const opened = await openAuthority(configuration, terminal.environment, metrics?.observers)
  try {
    if (opened.wasSetBack) log.warn(SET_BACK)
    await refuseDevelopmentIdentities(opened)
    await opened.setBack.pulse()
    const listener = await listen(configuration.server.listen, {
      tls: tlsOf(configuration),
      portRemedy: PORT_REMEDY,
    })
    const server = createHandler(configuration, opened, pages, log, metrics)
    const exposed = await expose(metrics, configuration, { opened, server, listener })
    listener.answerWith(server.fetch)
    const tended = tend(opened, log, (rows) => metrics?.pruned(rows))
    const urls = { url: listener.url, ...(exposed && { metrics: `${exposed.url}/metrics` }) }
    log.info({ issuer: configuration.issuer, ...urls }, 'listening')
    if (options.json) print(terminal, JSON.stringify({ ready: true, issuer: configuration.issuer, ...urls }))
    log.info({ signal: await stop }, 'stopping')
    // Streams never end by themselves, and readers come back by themselves
    server.close()
    await listener.close(SHUTDOWN_SECONDS)
    await exposed?.close(0)
    await tended.stop()
  } finally {
    metrics?.stop()
    await opened.close()
  }
  log.info('stopped')
  await flushLog(stream)
}

function createHandler(
  configuration: Configuration,
  opened: OpenedAuthority,
  pages: PageOptions,
  logger: ReturnType<typeof createLog>,
  metrics: Metrics | undefined,
) {
  const { requests, slow, addresses } = configuration.log
  return createServer({
    authority: metrics === undefined ? opened.authority : metrics.counted(opened.authority),
    requestLog: { every: requests, slow, addresses },
    ...(metrics === undefined ? {} : { observe: (answered) => metrics.answered(answered) }),
    jwksMaxAge: configuration.keys.jwks_max_age,
    loopback: configuration.issuer.startsWith('http:'),
    trustedProxies: configuration.server.trusted_proxies,
    pages,
    logger,
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

function tlsOf({ server }: Configuration): Tls | undefined {
  if (server.tls_cert === undefined || server.tls_key === undefined) return undefined
  return { cert: server.tls_cert, key: server.tls_key }
}

function quieter(level: Configuration['log']['level']): Configuration['log']['level'] {
  return level === 'debug' || level === 'info' ? 'warn' : level
}

const PORT_REMEDY = 'Stop the other process, or set server.listen to another port'
