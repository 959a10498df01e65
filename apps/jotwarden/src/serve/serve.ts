import { createServer, type PageOptions } from '@jotwarden/server'
import type { Configuration } from '../config/configuration.ts'
import { pageOptions } from '../config/pages.ts'
import { useConfiguration } from '../config/use.ts'
import { refuseDevelopmentIdentities } from '../dev/refuse-development.ts'
import { createLog, flushLog } from '../output/log.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { type OpenedAuthority, openAuthority } from '../state/open-authority.ts'
import { SET_BACK } from '../state/set-back.ts'
import { listen, type Tls } from './listen.ts'
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
  const pages = pageOptions(configuration)
  const opened = await openAuthority(configuration, terminal.environment)
  try {
    if (opened.wasSetBack) log.warn(SET_BACK)
    await refuseDevelopmentIdentities(opened)
    await opened.setBack.pulse()
    const listener = await listen(configuration.server.listen, {
      tls: tlsOf(configuration),
      portRemedy: PORT_REMEDY,
    })
    const server = createHandler(configuration, opened, pages, log)
    listener.answerWith(server.fetch)
    const tended = tend(opened, log)
    log.info({ issuer: configuration.issuer, url: listener.url }, 'listening')
    if (options.json)
      print(terminal, JSON.stringify({ ready: true, issuer: configuration.issuer, url: listener.url }))
    log.info({ signal: await stop }, 'stopping')
    // Streams never end by themselves, and readers come back by themselves
    server.close()
    await listener.close(SHUTDOWN_SECONDS)
    await tended.stop()
  } finally {
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
) {
  return createServer({
    authority: opened.authority,
    jwksMaxAge: configuration.keys.jwks_max_age,
    loopback: configuration.issuer.startsWith('http:'),
    trustedProxies: configuration.server.trusted_proxies,
    pages,
    logger,
    health: () => opened.stores.ping(),
    changes: () => opened.stores.dataVersion(),
  })
}

function tlsOf({ server }: Configuration): Tls | undefined {
  if (server.tls_cert === undefined || server.tls_key === undefined) return undefined
  return { cert: server.tls_cert, key: server.tls_key }
}

function quieter(level: Configuration['log']['level']): Configuration['log']['level'] {
  return level === 'debug' || level === 'info' ? 'warn' : level
}

const PORT_REMEDY = 'Stop the other process, or set server.listen to another port'
