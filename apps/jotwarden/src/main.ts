import { reportError } from './output/report-error.ts'
import type { Terminal } from './output/terminal.ts'
import { buildProgram } from './program.ts'
import { Refusal } from './refusal.ts'

/** Runs the command line in this process and gives the exit code: 0 fine, 1 findings or refusal, 2 misuse. */
export async function main(words: readonly string[]): Promise<number> {
  const terminal: Terminal = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    folder: process.cwd(),
  }
  const json = words.includes('--json')
  // A reader that went away (`jotwarden users list | head -1`) is no reason for a stack trace.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : reportError(unwritable(error), terminal, json))
  })
  const program = buildProgram(terminal)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return reportError(error, terminal, json)
  }
}

function unwritable(cause: NodeJS.ErrnoException): Refusal {
  const state = cause.code === 'ENOSPC' ? 'no space is left' : `the system says ${cause.code ?? 'unknown'}`
  return new Refusal('refused', `Cannot write to standard output: ${state}`, {
    remedy: 'What the command was asked for may be done already: look before you run it again',
  })
}
