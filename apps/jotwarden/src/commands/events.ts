import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { eventsListCommand } from './events-list.ts'
import { eventsTailCommand } from './events-tail.ts'

/** `jotwarden events`. */
export function eventsCommand(terminal: Terminal): Command {
  return new Command('events')
    .description('what happened to logins, sessions, tokens, clients, accounts and keys')
    .addCommand(eventsListCommand(terminal))
    .addCommand(eventsTailCommand(terminal))
}
