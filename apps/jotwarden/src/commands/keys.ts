import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { keysCompromiseCommand } from './keys-compromise.ts'
import { keysHoldersCommand } from './keys-holders.ts'
import { keysImportCommand } from './keys-import.ts'
import { keysListCommand } from './keys-list.ts'
import { keysOffboardCommand } from './keys-offboard.ts'
import { keysReplaceLostCommand } from './keys-replace-lost.ts'
import { keysRewrapCommand } from './keys-rewrap.ts'
import { keysRotateCommand } from './keys-rotate.ts'
import { keysTimelineCommand } from './keys-timeline.ts'

/** `jotwarden keys`. */
export function keysCommand(terminal: Terminal): Command {
  return new Command('keys')
    .description("the authority's keys; their private parts are never shown")
    .addCommand(keysListCommand(terminal))
    .addCommand(keysTimelineCommand(terminal))
    .addCommand(keysRotateCommand(terminal))
    .addCommand(keysRewrapCommand(terminal))
    .addCommand(keysCompromiseCommand(terminal))
    .addCommand(keysImportCommand(terminal))
    .addCommand(keysHoldersCommand(terminal))
    .addCommand(keysOffboardCommand(terminal))
    .addCommand(keysReplaceLostCommand(terminal))
}
