import { AuthorityError } from '@jotwarden/authority'
import { ServerError } from './errors.ts'

/** What a log may know of an error: one line an error of the chain of causes. */
export interface ErrorReport {
  readonly name: string
  readonly code?: string
  readonly message?: string
  readonly frames: readonly string[]
  readonly cause?: ErrorReport
}

/**
 * Tells an error without secrets. Messages of errors with a code of our own hold none; a foreign one may hold anything
 * (a driver's may quote a row), so of it only name, code and stack frames are told, and name and code only where they
 * look like it: a library may put an authorization code into what it calls code.
 */
export function reportError(error: unknown, depth: number = 0): ErrorReport {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] }
  const code = errorCode(error)
  const isOurs = code !== undefined && OUR_CODE.test(code)
  return {
    name: NAME.test(error.name) ? error.name : 'Error',
    ...(code !== undefined && (isOurs || SYSTEM_CODE.test(code)) ? { code } : {}),
    ...(isOurs ? { message: error.message } : {}),
    frames: framesOf(error),
    ...(error.cause === undefined || depth === DEEPEST ? {} : { cause: reportError(error.cause, depth + 1) }),
  }
}

/** The code of an error that was raised on purpose, here or in the authority, or of a driver that has too much to do. */
export function refusalCode(error: unknown): string | undefined {
  if (error instanceof AuthorityError || error instanceof ServerError) return error.code
  const code = error instanceof Error ? errorCode(error) : undefined
  return code !== undefined && BUSY_CODE.test(code) ? 'oauth/temporarily_unavailable' : undefined
}

function errorCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** The stack begins with the message, which may have lines that look like frames. */
function framesOf(error: Error): readonly string[] {
  const lines = (error.stack ?? '').replace(error.message, () => '').split('\n')
  return lines.filter((line) => FRAME.test(line)).slice(0, MOST_FRAMES)
}

const OUR_CODE = /^[a-z]+\/[a-z_-]+$/
/** `ECONNRESET`, `ERR_INVALID_ARG_TYPE`, `SQLITE_BUSY`. */
const SYSTEM_CODE = /^(?:E[A-Z0-9]{2,20}|(?:ERR|SQLITE)_[A-Z0-9_]{2,40})$/
const NAME = /^[A-Z][A-Za-z]{0,38}(?:Error|Exception)$|^Error$/
const FRAME = /^\s+at /
const DEEPEST = 4
const MOST_FRAMES = 12
/** Every driver says so of what may be asked again: `store/busy`, `hasher/busy`. */
const BUSY_CODE = /^[a-z]+\/busy$/
