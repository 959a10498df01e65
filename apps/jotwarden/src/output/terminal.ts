import type { Readable, Writable } from 'node:stream'
import type { Environment } from '../config/environment.ts'

/** What a command may touch of the process that runs it. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  /** Results go here, and nothing else. */
  readonly stdout: Writable & { readonly isTTY?: boolean }
  /** Errors, prompts and progress. */
  readonly stderr: Writable & { readonly isTTY?: boolean }
  readonly environment: Environment
  /** Relative paths are relative to it. */
  readonly folder: string
}

/** Writes a line of the result. */
export function print(terminal: Terminal, text: string): void {
  terminal.stdout.write(`${text}\n`)
}

/** Whether a person sits in front of it who can be asked. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.stdin.isTTY === true && terminal.stderr.isTTY === true
}
