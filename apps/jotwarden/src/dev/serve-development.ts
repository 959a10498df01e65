import { createServer } from '@jotwarden/server'
import type { Logger } from 'pino'
import type { Configuration } from '../config/configuration.ts'
import { painterFor } from '../output/colour.ts'
import { createLog } from '../output/log.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { type Listener, listen } from '../serve/listen.ts'
import { SHUTDOWN_SECONDS, shutdownSignal } from '../serve/shutdown.ts'
import { tend } from '../serve/tend.ts'
import { type OpenedAuthority, openAuthority } from '../state/open-authority.ts'
import { SET_BACK } from '../state/set-back.ts'
import { developmentAccount, developmentClients } from './dev-identities.ts'
import { type DevelopmentUrls, prepareDevelopmentState } from './dev-state.ts'
import { introduction } from './introduction.ts'
import { loadSamples } from './samples.ts'
import { seedDevelopment } from './seed.ts'

/** How to run development mode. */
export interface DevelopmentOptions {
  /** 0 takes a free port. */
  readonly ports: { readonly authority: number; readonly webApp: number; readonly api: number }
  readonly quiet: boolean
  /** Prints one JSON line with the addresses in place of the introduction. */
  readonly json: boolean
}

/** Runs authority, sample web app and sample API on this machine until a signal. Throws `Refusal` when it cannot start. */
export async function serveDevelopment(terminal: Terminal, options: DevelopmentOptions): Promise<void> {
  const stop = shutdownSignal()
  const log = createLog({ level: options.quiet ? 'warn' : 'info', format: 'text', stream: terminal.stderr })
  const sockets = await openSockets(options)
  const urls = urlsOf(sockets)
  try {
    // The addresses are known before the state: its configuration, audience and redirect URIs name them.
    const configuration = await prepareDevelopmentState(terminal, urls)
    const opened = await openAuthority(configuration, {})
    try {
      if (opened.wasSetBack) log.warn(SET_BACK)
      await opened.setBack.pulse()
      await seedDevelopment(opened, urls)
      const samples = await answer(sockets, urls, configuration, opened, log)
      const tended = tend(opened, log)
      announce(terminal, options, urls)
      await stop
      await samples.close()
      await closeSockets(sockets)
      await tended.stop()
    } finally {
      await opened.close()
    }
    if (!options.quiet) terminal.stderr.write('Stopped\n')
  } finally {
    await closeSockets(sockets)
  }
}

interface Sockets {
  readonly authority: Listener
  readonly webApp: Listener
  readonly api: Listener
}

async function openSockets({ ports }: DevelopmentOptions): Promise<Sockets> {
  const opened: Listener[] = []
  const open = async (port: number, option: string) => {
    const portRemedy = `Stop the other process (another \`serve --dev\`?), or choose another port with ${option} PORT, or 0 for a free one`
    const listener = await listen({ host: '127.0.0.1', port }, { portRemedy })
    opened.push(listener)
    return listener
  }
  try {
    const authority = await open(ports.authority, '--port')
    const webApp = await open(ports.webApp, '--web-app-port')
    return { authority, webApp, api: await open(ports.api, '--api-port') }
  } catch (error) {
    for (const listener of opened) await listener.close(0)
    throw error
  }
}

function urlsOf({ authority, webApp, api }: Sockets): DevelopmentUrls {
  return {
    issuer: authority.url,
    listen: `${authority.address.host}:${authority.address.port}`,
    webApp: webApp.url,
    api: api.url,
  }
}

async function answer(
  sockets: Sockets,
  urls: DevelopmentUrls,
  configuration: Configuration,
  opened: OpenedAuthority,
  logger: Logger,
): Promise<{ close(): Promise<void> }> {
  const server = createServer({
    authority: opened.authority,
    loopback: true,
    logger,
    health: () => opened.stores.ping(),
    changes: () => opened.stores.dataVersion(),
  })
  const samples = await loadSamples()
  const secretOf = (id: string) =>
    developmentClients(urls, 0).find(({ client }) => client.id === id)?.secret ?? ''
  const api = samples.createApi({
    issuer: configuration.issuer,
    audience: urls.api,
    revocation: { clientId: 'dev-api', clientSecret: secretOf('dev-api') },
  })
  sockets.authority.answerWith(server.fetch)
  sockets.api.answerWith(api.fetch)
  sockets.webApp.answerWith(
    samples.createWebApp({
      url: urls.webApp,
      issuer: configuration.issuer,
      clientId: 'dev-web',
      clientSecret: secretOf('dev-web'),
      api: urls.api,
    }),
  )
  return {
    close: async () => {
      await api.close()
      server.close()
    },
  }
}

async function closeSockets({ webApp, api, authority }: Sockets): Promise<void> {
  // The authority last: requests under way at the other two may still ask it.
  await Promise.all([webApp.close(SHUTDOWN_SECONDS), api.close(SHUTDOWN_SECONDS)])
  await authority.close(SHUTDOWN_SECONDS)
}

function announce(terminal: Terminal, options: DevelopmentOptions, urls: DevelopmentUrls): void {
  const { username, password } = developmentAccount
  if (options.json) {
    const clients = developmentClients(urls, 0).map(({ client, secret }) => ({
      client_id: client.id,
      client_secret: secret,
    }))
    const { issuer, webApp, api } = urls
    print(
      terminal,
      JSON.stringify({ ready: true, issuer, web_app: webApp, api, account: { username, password }, clients }),
    )
  } else if (!options.quiet) {
    print(terminal, introduction(urls, terminal, painterFor(terminal.stdout, terminal.environment)))
  }
}
