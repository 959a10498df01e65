import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { sessionsListCommand } from './sessions-list.ts'
import { sessionsRevokeCommand } from './sessions-revoke.ts'

/** `jotwarden sessions`. */
export function sessionsCommand(terminal: Terminal): Command {
  return new Command('sessions')
    .description('what people have granted to applications, each until it ends')
    .addCommand(sessionsListCommand(terminal))
    .addCommand(sessionsRevokeCommand(terminal))
}
