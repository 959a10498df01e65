import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { type Logger, pino } from 'pino'
import { printable } from './table.ts'

/** How to log. */
export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  readonly format: 'json' | 'text'
  readonly stream: Writable
}

/**
 * Makes the log of a server: one line an event. Members that could hold a credential are replaced, at any depth that
 * events of ours reach: what writes here gives none, and this stands behind it. The code of an error stays readable.
 */
export function createLog(options: LogOptions): Logger {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: redactedPaths, censor },
    },
    { write: (line: string) => void options.stream.write(options.format === 'json' ? line : textLine(line)) },
  )
}

/** Waits until what was logged has left the process. */
export async function flushLog(stream: Writable): Promise<void> {
  if (stream.writableLength > 0) await once(stream, 'drain').catch(() => undefined)
}

/** An authorization code and the code of an error have one name; only the latter has a package and a slash, or is the system's. */
function censor(value: unknown, path: readonly string[]): unknown {
  const isErrorCode = path.at(-1) === 'code' && typeof value === 'string' && ERROR_CODE.test(value)
  return isErrorCode ? value : '[secret]'
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

const ERROR_CODE = /^(?:[a-z]+\/[a-z_-]+|E[A-Z0-9]{2,20}|(?:ERR|SQLITE)_[A-Z0-9_]{2,40})$/
const SENSITIVE = [
  'access_token',
  'assertion',
  'authorization',
  'client_secret',
  'code',
  'code_verifier',
  'cookie',
  'credentials',
  'id_token',
  'kek',
  'login',
  'password',
  'refresh_token',
  'secret',
  'seed',
  '["set-cookie"]',
  'token',
]
const redactedPaths = ['', '*.', '*.*.'].flatMap((depth) =>
  SENSITIVE.map((name) => (name.startsWith('[') ? `${depth.replace(/\.$/, '')}${name}` : `${depth}${name}`)),
)
