import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'
import { redacted } from './redact.ts'
import { printable } from './table.ts'

/** How to log. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly format: 'json' | 'text'
  readonly stream: Writable
}

/** Makes the log of a server: one line an event, in which members that could hold a credential are replaced. */
export function createLog(options: LogOptions): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: redacted },
    },
    { write: (line: string) => void options.stream.write(options.format === 'json' ? line : textLine(line)) },
  )
}

/** Waits until what was logged has left the process. */
export async function flushLog(stream: Writable): Promise<void> {
  if (stream.writableLength > 0) await once(stream, 'drain').catch(() => undefined)
}

function textLine(line: string): string {
  const { time, level, msg, ...rest } = parsed(line)
  const members = Object.entries(rest).map(([name, value]) => `${name}=${memberText(value)}`)
  const clock = String(time).slice(11, 23)
  return `${[clock, String(level).padEnd(5), printable(String(msg ?? '')), ...members].join(' ')}\n`
}

function memberText(value: unknown): string {
  return printable(typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value))
}

function parsed(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line)
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
