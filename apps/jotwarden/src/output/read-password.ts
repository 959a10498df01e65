import { Secret } from '@jotwarden/token'
import { Refusal } from '../refusal.ts'
import { askNewPassword } from './ask.ts'
import { readOnlyLine } from './read-line.ts'
import { canAsk, type Terminal } from './terminal.ts'

/** How a password may arrive; `password` is there to be refused with a reason. */
export interface PasswordOptions {
  readonly passwordStdin?: boolean
  readonly password?: string | boolean
}

/**
 * Reads a new password from standard input, or asks for it twice at a terminal. Throws `Refusal`.
 * Arguments are never taken: other users see them in the process list, and shells keep them.
 */
export async function readNewPassword(terminal: Terminal, options: PasswordOptions): Promise<Secret> {
  if (options.password !== undefined) {
    throw new Refusal(
      'misuse',
      'Cannot take a password from the command line: other users see arguments, and shells remember them',
      { remedy: 'Leave --password out to be asked, or pipe it in with --password-stdin' },
    )
  }
  if (options.passwordStdin === true)
    return Secret.fromText(await readOnlyLine(terminal, { what: 'password', longest: LONGEST }))
  if (canAsk(terminal)) return askNewPassword(terminal)
  throw new Refusal('misuse', 'Cannot read the password: there is no terminal to ask at', {
    remedy: 'Pipe it in with --password-stdin',
  })
}

/** Bytes. */
const LONGEST = 1024
