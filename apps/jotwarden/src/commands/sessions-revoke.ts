import type { AuthorityErrorCode } from '@jotwarden/authority'
import { Command } from 'commander'
import { confirmed } from '../output/confirmed.ts'
import { printable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import { Refusal } from '../refusal.ts'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { withAuthority } from '../state/with-authority.ts'
import { onlyOne } from './only-one.ts'
import { checkClientKnown, subjectOfUser } from './people.ts'
import { type SharedOptions, withStore } from './shared-options.ts'
import { accessTokensRefused } from './tokens-left.ts'

interface RevokeOptions extends SharedOptions {
  readonly user?: string
  readonly subject?: string
  readonly client?: string
  readonly login?: string
  readonly everyone?: boolean
  readonly yes?: boolean
}

type Target = ReturnType<typeof targetOf>

/** `jotwarden sessions revoke`. */
export function sessionsRevokeCommand(terminal: Terminal): Command {
  return withStore(new Command('revoke'))
    .description('end a session, or every session of a person, of an application, or of everyone')
    .argument('[session-id]', 'the one session to end; after -- when it begins with -')
    .option('--user <username>', 'every login and session of the account with this name')
    .option('--subject <sub>', 'every login and session of the person with this subject')
    .option('--client <client-id>', 'every session of this application')
    .option('--login <login-id>', 'a login, and every session under it')
    .option('--everyone', 'whatever was issued until now, to anybody')
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', HELP)
    .action((session: string | undefined, options: RevokeOptions) => revoke(terminal, session, options))
}

async function revoke(
  terminal: Terminal,
  session: string | undefined,
  options: RevokeOptions,
): Promise<void> {
  const target = targetOf(session, options)
  if (target.kind !== 'session') await confirmed(terminal, options.yes, questions[target.kind](target.value))
  const ended = await withAuthority(terminal, options, (opened) => end(opened, target))
  if (options.json === true) return print(terminal, JSON.stringify(asJson(target, ended)))
  const refused = accessTokensRefused(terminal, options, target.kind === 'session' ? 'its' : 'their')
  print(terminal, `${printable(outcome(target, ended))}; ${ended === 0 ? NOTHING_LIVE : refused}`)
}

function targetOf(
  session: string | undefined,
  { user, subject, client, login, everyone }: RevokeOptions,
): ReturnType<typeof onlyOne<'session' | 'user' | 'subject' | 'client' | 'login' | 'everyone'>> {
  const named = { session, user, subject, client, login, everyone: everyone === true ? '' : undefined }
  return onlyOne('end sessions', named, FORMS)
}

/** How many live sessions ended; null for everyone's, which nobody counts while tokens are still accepted. */
async function end({ authority, stores }: OpenedAuthority, { kind, value }: Target): Promise<number | null> {
  const { sessions, revocation, settings } = authority
  const { issuer } = settings
  const opened = { stores, issuer }
  switch (kind) {
    case 'everyone':
      await revocation.revokeEverything()
      return null
    case 'session':
      if ((await stores.sessions.find(issuer, value)) === undefined) throw await unknown('session')
      return sessions.end({ session: value })
    case 'login': {
      const known = (await stores.logins.get(issuer, value)) !== undefined
      const ended = await sessions.end({ login: value })
      // Sessions may outlive the row of their login
      if (!known && ended === 0) throw await unknown('login')
      return ended
    }
    case 'client':
      await checkClientKnown(opened, value)
      return sessions.end({ client: value })
    case 'user':
      return sessions.end({ subject: await subjectOfUser(opened, value) })
    case 'subject':
      return sessions.end({ subject: value })
  }
}

async function unknown(what: 'session' | 'login'): Promise<Refusal> {
  const { AuthorityError } = await import('@jotwarden/authority')
  const code: AuthorityErrorCode = 'authority/selector'
  const message = `Cannot end the ${what}: none with this id is known, or it expired long ago`
  return new Refusal('refused', message, {
    cause: new AuthorityError(code, message),
    remedy: '`jotwarden sessions list` and `jotwarden events list` show ids',
  })
}

function asJson({ kind, value }: Target, ended: number | null): Record<string, unknown> {
  return kind === 'everyone' ? { everyone: true, ended } : { [kind]: value, ended }
}

function outcome({ kind, value }: Target, ended: number | null): string {
  if (kind === 'everyone')
    return 'Ended everything that was issued until now: everybody signs in again, and services ask for new tokens'
  if (kind === 'session')
    return ended === 0 ? `The session ${value} had ended before` : `Ended the session ${value}`
  if (ended === 0) return `There was no live session of the ${kind} ${value}`
  const of = `of the ${kind} ${value}`
  return `Ended ${ended} live ${ended === 1 ? 'session' : 'sessions'} ${of}`
}

const questions: Readonly<Record<Exclude<Target['kind'], 'session'>, (value: string) => string>> = {
  user: (name) => `End every login and session of ${name}, and refuse their tokens?`,
  subject: (subject) => `End every login and session of ${subject}, and refuse their tokens?`,
  client: (id) => `End every session of the client ${id}, and refuse its tokens?`,
  login: (id) => `End the login ${id} and every session under it?`,
  everyone: () =>
    'End EVERY session of EVERYBODY and refuse every token that was issued until now? All people must sign in again, and this cannot be taken back',
}
const FORMS = 'a session id, --user, --subject, --client, --login or --everyone'
const NOTHING_LIVE = 'access tokens from before are refused'
const HELP = `
One session ends without a question; anything wider asks, unless --yes is given.

Examples:
  jotwarden sessions revoke p4vOfvAjs0gBWvt6nLq9Hg
  jotwarden sessions revoke -- -4vOfvAjs0gBWvt6nLq9Hg
  jotwarden sessions revoke --user ann
  jotwarden sessions revoke --client orders-web --yes --json
  jotwarden sessions revoke --everyone`
