import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { tokensRevokeCommand } from './tokens-revoke.ts'

/** `jotwarden tokens`. */
export function tokensCommand(terminal: Terminal): Command {
  return new Command('tokens')
    .description('single tokens that got into the wrong hands')
    .addCommand(tokensRevokeCommand(terminal))
}
