import { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import { storeBackupCommand } from './store-backup.ts'
import { storeCompactCommand } from './store-compact.ts'
import { storeMigrateCommand } from './store-migrate.ts'
import { storeRestoreCommand } from './store-restore.ts'
import { storeStatusCommand } from './store-status.ts'

/** `jotwarden store`. */
export function storeCommand(terminal: Terminal): Command {
  return new Command('store')
    .description('the file that everything is kept in: copy it, put a copy back, look at it')
    .addCommand(storeBackupCommand(terminal))
    .addCommand(storeRestoreCommand(terminal))
    .addCommand(storeMigrateCommand(terminal))
    .addCommand(storeCompactCommand(terminal))
    .addCommand(storeStatusCommand(terminal))
}
