import { CommanderError } from 'commander'
import { Refusal } from '../refusal.ts'
import { painterFor } from './colour.ts'
import { printable } from './table.ts'
import type { Terminal } from './terminal.ts'

/** Tells the person (or, with `json`, the program) why a command ended, and gives the exit code: 1 refusal, 2 misuse. */
export function reportError(error: unknown, terminal: Terminal, json: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const failure = describe(error)
  if (json) {
    terminal.stderr.write(`${JSON.stringify({ error: failure })}\n`)
  } else {
    const paint = painterFor(terminal.stderr, terminal.environment)
    const lines = failure.message.split('\n').map(printable)
    terminal.stderr.write(`${paint('red', 'error:')} ${lines.join('\n')}\n`)
    if (failure.remedy !== undefined) terminal.stderr.write(`${paint('dim', printable(failure.remedy))}\n`)
  }
  return failure.code === 'cli/misuse' ? 2 : 1
}

/** What the command says of itself where no package says more. */
export type CliErrorCode = 'cli/misuse' | 'cli/refused' | 'cli/unexpected'

interface Failure {
  readonly code: string
  readonly message: string
  readonly remedy: string | undefined
}

function describe(error: unknown): Failure {
  if (error instanceof Refusal) {
    const own: CliErrorCode = error.kind === 'misuse' ? 'cli/misuse' : 'cli/refused'
    const code = own === 'cli/misuse' ? own : (codeOf(error.cause) ?? own)
    return { code, message: error.message, remedy: error.remedy }
  }
  if (error instanceof Error && codeOf(error)?.includes('/') === true) {
    return { code: codeOf(error) ?? '', message: error.message, remedy: undefined }
  }
  // An error nobody foresaw: its stack helps whoever reports it, and our messages hold no secrets.
  const message =
    error instanceof Error ? (error.stack ?? error.message) : 'Something was thrown that is not an error'
  const code: CliErrorCode = 'cli/unexpected'
  return { code, message: `Unexpected: ${message}`, remedy: undefined }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
