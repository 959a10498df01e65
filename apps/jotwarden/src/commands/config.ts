import { Command } from 'commander'
import type { Configuration } from '../config/configuration.ts'
import { formatValue, shownValues } from '../config/effective.ts'
import type { Finding } from '../config/finding.ts'
import { loadConfiguration } from '../config/load.ts'
import type { Note } from '../config/pages.ts'
import { settings } from '../config/schema.ts'
import { formatFindings, placeOf } from '../config/use.ts'
import { painterFor } from '../output/colour.ts'
import { formatTable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { type SharedOptions, withConfig } from './shared-options.ts'

/** `jotwarden config`. */
export function configCommand(terminal: Terminal): Command {
  return new Command('config').description('look at the configuration').addCommand(checkCommand(terminal))
}

function checkCommand(terminal: Terminal): Command {
  return withConfig(new Command('check'))
    .description('print the values in force with their sources, and everything that is wrong')
    .addHelpText('after', HELP)
    .action(async (options: SharedOptions) => {
      process.exitCode = await check(terminal, options)
    })
}

async function check(terminal: Terminal, options: SharedOptions): Promise<number> {
  const loaded = loadConfiguration(placeOf(terminal, options.config))
  const { findings: more, notes } = await lookInside(loaded.configuration, terminal)
  const findings = [...loaded.findings, ...more]
  const values = shownValues(loaded, terminal.environment)
  const ok = findings.length === 0
  if (options.json === true)
    print(terminal, JSON.stringify({ ok, file: loaded.file, values, findings, notes }))
  else printText(terminal, loaded.file, values, findings, notes)
  return ok ? 0 : 1
}

async function lookInside(
  configuration: Configuration | undefined,
  terminal: Terminal,
): Promise<{ readonly findings: readonly Finding[]; readonly notes: readonly Note[] }> {
  if (configuration === undefined) return { findings: [], notes: [] }
  const { checkFiles } = await import('../config/check-files.ts')
  const { colourNotes } = await import('../config/pages.ts')
  return { findings: checkFiles(configuration, terminal.environment), notes: colourNotes(configuration) }
}

function printText(
  terminal: Terminal,
  file: string | null,
  values: ReturnType<typeof shownValues>,
  findings: readonly Finding[],
  notes: readonly Note[],
): void {
  const paint = painterFor(terminal.stdout, terminal.environment)
  const rows = values.map(({ key, value, source }) => [
    key,
    formatValue(value),
    source === file ? 'file' : source,
  ])
  const table = rows.length === 0 ? '' : `${formatTable(['key', 'value', 'source'], rows, paint)}\n`
  print(terminal, `File: ${file ?? 'none'}\n\n${table}`)
  for (const { key, text } of notes) print(terminal, paint('dim', `Note: ${key} ${text}`))
  if (findings.length === 0) print(terminal, paint('green', 'Nothing is wrong.'))
  else print(terminal, `${paint('red', `${findings.length} wrong:`)}\n${formatFindings(findings)}`)
}

const HELP = `
Keys and their variables (a variable wins over the file):
${settings()
  .map(({ key, variable, form }) => `  ${key.padEnd(34)}${form === 'file-only' ? '(file only)' : variable}`)
  .join('\n')}
  ${'the key-encryption key itself'.padEnd(34)}JOTWARDEN_KEK

Examples:
  jotwarden config check
  jotwarden config check --config /etc/jotwarden.toml --json
  JOTWARDEN_SERVER_LISTEN=127.0.0.1:9000 jotwarden config check`
