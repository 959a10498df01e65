import type { RevocationOutcome } from '@jotwarden/authority'
import { Command, Option } from 'commander'
import { looksLikeToken, readToken } from '../output/read-token.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import { withAuthority } from '../state/with-authority.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface RevokeOptions extends SharedOptions {
  readonly jti?: string
  /** There to be refused with a reason. */
  readonly token?: string | boolean
}

/** `jotwarden tokens revoke`. */
export function tokensRevokeCommand(terminal: Terminal): Command {
  return (
    withStore(new Command('revoke'))
      .description(
        'take back the token on standard input, or the access token with an id; asks for it unseen',
      )
      // Commander's own refusal would not say why
      .allowExcessArguments()
      .option('--jti <jti>', 'the access token with this id, as logs have it, instead')
      .addOption(new Option('--token [value]').hideHelp())
      .addHelpText('after', HELP)
      .action(async (options: RevokeOptions, { args }: Command) => {
        process.exitCode = await revoke(terminal, args, options)
      })
  )
}

async function revoke(
  terminal: Terminal,
  words: readonly string[],
  { jti, token, ...options }: RevokeOptions,
): Promise<number> {
  if (words.length > 0 || token !== undefined || (jti !== undefined && looksLikeToken(jti)))
    throw fromArgument()
  const outcome =
    jti === undefined ? await revokeToken(terminal, options) : await revokeId(terminal, options, jti)
  const said = jti === undefined ? sentences[outcome] : REFUSED_ID
  print(terminal, options.json === true ? JSON.stringify({ outcome }) : said)
  return outcome === 'revoked' ? 0 : 1
}

async function revokeToken(terminal: Terminal, options: SharedOptions): Promise<RevocationOutcome> {
  const token = await readToken(terminal)
  return withAuthority(terminal, options, ({ authority }) => authority.revocation.revokeToken(token))
}

/** Nobody keeps a list of ids, so that any id is as good as another. */
async function revokeId(terminal: Terminal, options: SharedOptions, jti: string): Promise<'revoked'> {
  await withAuthority(terminal, options, ({ authority }) => authority.revocation.revokeTokenId(jti))
  return 'revoked'
}

function fromArgument(): Refusal {
  return new Refusal(
    'misuse',
    'Cannot take a token from the command line: other users see arguments, and shells remember them',
    { remedy: 'Pipe it in, leave it out to be asked, or name the id of an access token with --jti' },
  )
}

const sentences: Readonly<Record<RevocationOutcome, string>> = {
  revoked: 'revoked',
  'nothing-to-revoke':
    'nothing to revoke: this is no token of this issuer, or it has expired or was revoked before',
}
const REFUSED_ID = 'revoked: an access token with this id is refused from now on (ids are not looked up)'
const HELP = `
A refresh token ends its session; an access token alone is refused from then on. Verifiers that follow the revocation
feed know within a second. Prints "revoked", or "nothing to revoke" and ends with 1, when the token is none of this
issuer's, has expired or was revoked before. An id is not looked up: no list of access tokens is kept.

Examples:
  jotwarden tokens revoke < leaked-token.txt
  jotwarden tokens revoke --jti p4vOfvAjs0gBWvt6nLq9Hg --json`
