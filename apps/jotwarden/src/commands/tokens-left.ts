import type { Terminal } from '../output/terminal.ts'
import { configurationOf } from '../state/configuration-of.ts'
import type { SharedOptions } from './shared-options.ts'

/** What is left of an account whose logins and sessions were ended. */
export function tokensLeft(terminal: Terminal, options: SharedOptions): string {
  return `its logins and sessions have ended; ${accessTokensRefused(terminal, options, 'its')}`
}

/** Who refuses the access tokens of what was ended, and from when on. */
export function accessTokensRefused(
  terminal: Terminal,
  options: SharedOptions,
  whose: 'its' | 'their',
): string {
  const seconds = configurationOf(terminal, options).configuration.tokens.access_token_lifetime
  const feed = `verifiers that follow the revocation feed refuse ${whose} access tokens within a second`
  return `${feed}, and for others ${whose} access tokens expire within ${duration(seconds)}`
}

function duration(seconds: number): string {
  if (seconds % 60 !== 0) return `${seconds} s`
  return seconds === 60 ? 'a minute' : `${seconds / 60} minutes`
}
