import type { Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import type { SharedOptions } from './shared-options.ts'

/** What is left of an account whose logins and sessions were ended. */
export function tokensLeft(terminal: Terminal, options: SharedOptions): string {
  const seconds = configurationOf(terminal, options).configuration.tokens.access_token_lifetime
  return `its logins and sessions have ended, and its access tokens expire within ${duration(seconds)}`
}

function duration(seconds: number): string {
  if (seconds % 60 !== 0) return `${seconds} s`
  return seconds === 60 ? 'a minute' : `${seconds / 60} minutes`
}
