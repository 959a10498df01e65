import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { catchHangUps } from '../serve/hang-ups.ts'
import { withConfig } from './shared-options.ts'

interface ServeOptions {
  readonly config?: string
  readonly json?: boolean
  readonly dev?: boolean
  readonly quiet?: boolean
  readonly port?: string
  readonly webAppPort?: string
  readonly apiPort?: string
}

/** `jotwarden serve`. */
export function serveCommand(terminal: Terminal): Command {
  return withConfig(new Command('serve'))
    .description(
      'run the authority until it is told to stop (SIGTERM or SIGINT); SIGHUP reads the configuration again',
    )
    .option(
      '--dev',
      'on this machine only: no configuration, a development account, a sample web app and a sample API',
    )
    .option('--port <port>', 'with --dev: port of the authority (default: 8420; 0 takes a free one)')
    .option('--web-app-port <port>', 'with --dev: port of the sample web app (default: 8421)')
    .option('--api-port <port>', 'with --dev: port of the sample API (default: 8422)')
    .option('-q, --quiet', 'log warnings and errors only, and print no introduction')
    .addHelpText('after', HELP)
    .action((options: ServeOptions) => run(terminal, options))
}

async function run(terminal: Terminal, options: ServeOptions): Promise<void> {
  if (options.dev !== true) {
    const production = forProduction(options)
    const hangUps = catchHangUps()
    const { serve } = await import('../serve/serve.ts')
    return serve(terminal, production, hangUps)
  }
  if (options.config !== undefined) throw new Refusal('misuse', 'Cannot use --dev and --config together')
  const development = {
    ports: {
      authority: port(options.port, '--port') ?? 8420,
      webApp: port(options.webAppPort, '--web-app-port') ?? 8421,
      api: port(options.apiPort, '--api-port') ?? 8422,
    },
    quiet: options.quiet === true,
    json: options.json === true,
  }
  const { serveDevelopment } = await import('../dev/serve-development.ts')
  return serveDevelopment(terminal, development)
}

function forProduction(options: ServeOptions): {
  readonly config: string | undefined
  readonly quiet: boolean
  readonly json: boolean
} {
  const named = [options.port, options.webAppPort, options.apiPort].some((given) => given !== undefined)
  if (named) {
    throw new Refusal('misuse', 'Cannot take a port from the command line without --dev', {
      remedy: 'Set server.listen in the configuration, or JOTWARDEN_SERVER_LISTEN',
    })
  }
  return { config: options.config, quiet: options.quiet === true, json: options.json === true }
}

function port(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined
  const value = /^[0-9]{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (value <= 65_535) return value
  throw new Refusal('misuse', `Cannot use ${option}: it is not a port from 0 to 65535`)
}

const HELP = `
Examples:
  jotwarden serve --dev
  jotwarden serve --dev --port 9420 --web-app-port 9421 --api-port 9422
  jotwarden serve --config /etc/jotwarden.toml
  JOTWARDEN_KEK="$(cat /run/secrets/kek)" jotwarden serve
  kill -HUP PID                       read the configuration again, all of it or nothing`
