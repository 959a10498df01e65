import { Refusal } from '../refusal.ts'
import { readOnlyLine } from './read-line.ts'
import { canAsk, type Terminal } from './terminal.ts'

/**
 * Reads a token from standard input, or asks for it at a terminal. Throws `Refusal`. Arguments are never taken: other
 * users see them in the process list, and shells keep them.
 */
export async function readToken(terminal: Terminal): Promise<string> {
  if (terminal.stdin.isTTY !== true)
    return withoutScheme(await readOnlyLine(terminal, { what: 'token', longest: LONGEST }))
  if (!canAsk(terminal)) {
    throw new Refusal('misuse', 'Cannot ask for the token: there is no terminal to ask at', {
      remedy: 'Pipe it in',
    })
  }
  const { askToken } = await import('./ask.ts')
  return withoutScheme(await askToken(terminal))
}

/** People copy the whole header. */
function withoutScheme(text: string): string {
  return text.trim().replace(/^(?:authorization: *)?bearer +/i, '')
}

/** Whether the text is, or begins like, a token of ours. */
export function looksLikeToken(text: string): boolean {
  return text.search(TOKEN) !== -1
}

/** The text without the tokens in it. */
export function withoutTokens(text: string): string {
  return text.replace(TOKEN, '[token]')
}

/** Bytes. Ours have some hundreds; a claims hook may add a lot. */
const LONGEST = 65_536
/** A JWT, whose header begins with `{"`, or a refresh token. */
const TOKEN = /\b(?:eyJ[\w-]*\.[\w.-]*|eyJ[\w-]{16,}|jwr_[\w.-]*)/g
