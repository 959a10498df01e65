import { reportError } from './output/report-error.ts'
import type { Terminal } from './output/terminal.ts'
import { buildProgram } from './program.ts'

/** Runs the command line in this process and gives the exit code: 0 fine, 1 findings or refusal, 2 misuse. */
export async function main(words: readonly string[]): Promise<number> {
  const terminal: Terminal = {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    folder: process.cwd(),
  }
  // A reader that went away (`jotwarden users list | head -1`) is no reason for a stack trace.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const program = buildProgram(terminal)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    return reportError(error, terminal, words.includes('--json'))
  }
}
