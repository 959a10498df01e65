import { Command, type OutputConfiguration } from 'commander'
import { clientsCommand } from './commands/clients.ts'
import { configCommand } from './commands/config.ts'
import { doctorCommand } from './commands/doctor.ts'
import { eventsCommand } from './commands/events.ts'
import { explainCommand } from './commands/explain.ts'
import { initCommand } from './commands/init.ts'
import { keysCommand } from './commands/keys.ts'
import { serveCommand } from './commands/serve.ts'
import { sessionsCommand } from './commands/sessions.ts'
import { storeCommand } from './commands/store.ts'
import { tokensCommand } from './commands/tokens.ts'
import { usersCommand } from './commands/users.ts'
import { painterFor } from './output/colour.ts'
import { withoutTokens } from './output/read-token.ts'
import type { Terminal } from './output/terminal.ts'
import { version } from './version.ts'

/** The whole command line. Misuse throws a `CommanderError`. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('jotwarden')
    .description('A token authority: OAuth 2.1 and OpenID Connect on one embedded file.')
    .version(version, '-V, --version', 'print the version')
    .addHelpText('after', EXAMPLES)
  program.addCommand(serveCommand(terminal))
  program.addCommand(initCommand(terminal))
  program.addCommand(configCommand(terminal))
  program.addCommand(clientsCommand(terminal))
  program.addCommand(usersCommand(terminal))
  program.addCommand(sessionsCommand(terminal))
  program.addCommand(tokensCommand(terminal))
  program.addCommand(eventsCommand(terminal))
  program.addCommand(keysCommand(terminal))
  program.addCommand(storeCommand(terminal))
  program.addCommand(doctorCommand(terminal))
  program.addCommand(explainCommand(terminal))
  everyCommand(program, (command) => {
    command
      .exitOverride()
      .configureOutput(output(terminal))
      .showHelpAfterError('Run with --help for help')
      .helpOption('-h, --help', 'print help')
    if (command.commands.length > 0) command.helpCommand('help [command]', 'print help for a command')
  })
  return program
}

function everyCommand(command: Command, act: (command: Command) => void): void {
  act(command)
  for (const child of command.commands) everyCommand(child, act)
}

function output(terminal: Terminal): OutputConfiguration {
  const paint = painterFor(terminal.stderr, terminal.environment)
  return {
    writeOut: (text) => terminal.stdout.write(text),
    writeErr: (text) => terminal.stderr.write(text),
    outputError: (text, write) => write(withoutValues(text).replace(/^error:/, paint('red', 'error:'))),
  }
}

/** A mistyped option may carry a secret: `--passwrod=…` is repeated by its name alone, and a token never. */
function withoutValues(message: string): string {
  return withoutTokens(message)
    .replace(/unknown option '(--[^'=\s]+)=[\s\S]*?'(?=\s|$)/, "unknown option '$1'")
    .replace(/unknown option '(-[^-'])[^']+'/, "unknown option '$1'")
}

const EXAMPLES = `
Examples:
  jotwarden serve --dev                 everything on this machine, to try it
  jotwarden init                        write jotwarden.toml and a key file
  jotwarden config check                see what is in force, and what is wrong
  jotwarden serve                       run it
  jotwarden doctor                      see what is wrong with it, or will be
  jotwarden explain token/crit          see what the code of an error means

Exit codes: 0 fine, 1 findings or refusal, 2 misuse.`
