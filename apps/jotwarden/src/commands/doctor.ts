import { Command } from 'commander'
import { loadConfiguration } from '../config/load.ts'
import { placeOf } from '../config/use.ts'
import { configurationDiagnoses } from '../doctor/configuration-findings.ts'
import { type Diagnosis, isSerious, type Severity, worstFirst } from '../doctor/diagnosis.ts'
import { painterFor, type Style } from '../output/colour.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

/** `jotwarden doctor`. */
export function doctorCommand(terminal: Terminal): Command {
  return withStore(new Command('doctor'))
    .description('look for what is wrong or will be: configuration, files, keys, clock, store, APIs')
    .addHelpText('after', HELP)
    .action(async (options: SharedOptions) => {
      process.exitCode = await doctor(terminal, options)
    })
}

async function doctor(terminal: Terminal, options: SharedOptions): Promise<number> {
  const diagnoses = worstFirst(await diagnose(terminal, options))
  const ok = !diagnoses.some(isSerious)
  if (options.json === true) print(terminal, JSON.stringify({ ok, findings: diagnoses }))
  else printText(terminal, diagnoses)
  return ok ? 0 : 1
}

async function diagnose(terminal: Terminal, options: SharedOptions): Promise<readonly Diagnosis[]> {
  const { examine } = await import('../doctor/examine.ts')
  if (options.dev === true) {
    const { configuration, environment } = configurationOf(terminal, options)
    return examine(configuration, environment, null)
  }
  const { configuration, file, findings } = loadConfiguration(placeOf(terminal, options.config))
  if (configuration === undefined) return configurationDiagnoses(findings)
  return examine(configuration, terminal.environment, file)
}

function printText(terminal: Terminal, diagnoses: readonly Diagnosis[]): void {
  const paint = painterFor(terminal.stdout, terminal.environment)
  for (const { severity, subject, problem, remedy } of diagnoses) {
    const line = `${printable(subject)} ${printable(problem)}. ${printable(remedy)}`
    print(terminal, `${paint(styles[severity], severity.padEnd(7))}  ${line}`)
  }
  if (!diagnoses.some(isSerious)) print(terminal, paint('green', 'Nothing is wrong.'))
}

const styles: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', note: 'dim' }
const HELP = `
One line a finding: how bad it is, what is wrong, what to do. Ends with 0 when there are none or notes alone, with 1 when
there is a warning or an error. Changes nothing, and may run beside the server.

Examples:
  jotwarden doctor
  jotwarden doctor --json | jq -r '.findings[] | select(.severity == "error") | .problem'`
