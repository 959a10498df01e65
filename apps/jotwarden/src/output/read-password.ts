import { Secret } from '@jotwarden/token'
import { Refusal } from '../refusal.ts'
import { askNewPassword } from './ask.ts'
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
  if (options.passwordStdin === true) return readFromStdin(terminal)
  if (canAsk(terminal)) return askNewPassword(terminal)
  throw new Refusal('misuse', 'Cannot read the password: there is no terminal to ask at', {
    remedy: 'Pipe it in with --password-stdin',
  })
}

async function readFromStdin(terminal: Terminal): Promise<Secret> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of terminal.stdin) {
    const bytes = Buffer.from(chunk)
    chunks.push(bytes)
    length += bytes.length
    if (length > LONGEST)
      throw new Refusal('refused', `Cannot take the password: it is longer than ${LONGEST} bytes`)
  }
  const text = decode(Buffer.concat(chunks)).replace(/\r?\n$/, '')
  if (text === '') throw new Refusal('refused', 'Cannot take the password: standard input is empty')
  if (/[\r\n]/.test(text))
    throw new Refusal('refused', 'Cannot take the password: standard input has more than one line')
  return Secret.fromText(text)
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('refused', 'Cannot take the password: standard input is not UTF-8')
  }
}

const LONGEST = 1024
