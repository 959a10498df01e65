import { resolve } from 'node:path'
import { Command } from 'commander'
import type { Imported } from '../import/import-accounts.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { withAccountImport } from '../state/with-accounts.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface ImportOptions extends SharedOptions {
  readonly dryRun?: boolean
  readonly skipExisting?: boolean
}

/** `jotwarden users import`. */
export function usersImportCommand(terminal: Terminal): Command {
  return withStore(new Command('import'))
    .description('take over accounts of another system with their password hashes')
    .argument('<file>', 'one JSON object a line')
    .option('--dry-run', 'check the file and change nothing')
    .option(
      '--skip-existing',
      'pass over usernames that have an account, as after an import that was interrupted',
    )
    .addHelpText('after', HELP)
    .action((file: string, options: ImportOptions) => importFrom(terminal, file, options))
}

async function importFrom(terminal: Terminal, file: string, options: ImportOptions): Promise<void> {
  const { importAccounts } = await import('../import/import-accounts.ts')
  const path = resolve(terminal.folder, file)
  const dryRun = options.dryRun === true
  try {
    const imported = await withAccountImport(terminal, options, (people) =>
      importAccounts(people, path, {
        dryRun,
        skipExisting: options.skipExisting === true,
        onProgress: progressOn(terminal),
      }),
    )
    clear(terminal)
    if (options.json === true) print(terminal, JSON.stringify(asJson(imported, dryRun)))
    else print(terminal, asText(imported, printable(file), dryRun))
  } catch (error) {
    clear(terminal)
    throw error
  }
}

function asJson({ added, skipped, withoutPassword, weak }: Imported, dryRun: boolean): unknown {
  return {
    added,
    skipped,
    without_password: withoutPassword,
    weak: Object.fromEntries(weak),
    dry_run: dryRun,
  }
}

function asText({ added, skipped, withoutPassword, weak }: Imported, file: string, dryRun: boolean): string {
  const first = dryRun ? `${file} is fine: ${added} accounts would be added` : `Added ${added} accounts`
  const lines = [skipped === 0 ? first : `${first}; ${skipped} have one already`]
  for (const [weakness, count] of weak)
    lines.push(`warning: ${count} hashes are easy to guess until their first sign-in: ${weakness}`)
  if (withoutPassword > 0)
    lines.push(
      `${withoutPassword} ${withoutPassword === 1 ? 'has' : 'have'} no password; set one with \`jotwarden users password\``,
    )
  return lines.join('\n')
}

/** One line that is written over, for a person who waits; programs get none. */
function progressOn({ stderr }: Terminal): (act: string, share: number) => void {
  let shown = ''
  return (act, share) => {
    const line = `${act}: ${Math.floor(100 * Math.min(1, share))} %`
    if (stderr.isTTY !== true || line === shown) return
    shown = line
    stderr.write(`${CLEAR_LINE}${line}`)
  }
}

function clear({ stderr }: Terminal): void {
  if (stderr.isTTY === true) stderr.write(CLEAR_LINE)
}

const CLEAR_LINE = '\r\u001b[2K'
const HELP = `
Each line: {"username": "ann", "password_hash": "$2b$12$…"}, and if known "name", "email", "email_verified", "disabled",
and "subject", by which applications know the person already. Hashes: bcrypt, scrypt, PBKDF2 with SHA-2, argon2; null for
a person who must set a new password. They are checked at the first sign-in and then made anew.
The whole file is checked before anything is added.

Examples:
  jotwarden users import people.jsonl --dry-run
  jotwarden users import people.jsonl --skip-existing --json`
