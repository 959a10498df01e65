import type { SessionSummary } from '@jotwarden/authority'
import { Command } from 'commander'
import { painterFor } from '../output/colour.ts'
import { formatMoment } from '../output/moment.ts'
import { formatTable } from '../output/table.ts'
import { print, type Terminal } from '../output/terminal.ts'
import type { OpenedAuthority } from '../state/open-authority.ts'
import { withAuthority } from '../state/with-authority.ts'
import { onlyOne } from './only-one.ts'
import { checkClientKnown, nameLookup, subjectOfUser } from './people.ts'
import { type SharedOptions, withStore } from './shared-options.ts'

interface ListOptions extends SharedOptions {
  readonly user?: string
  readonly subject?: string
  readonly client?: string
}

type Of = ReturnType<typeof chosen>
type NamedSession = SessionSummary & { readonly username: string | null }

/** `jotwarden sessions list`. */
export function sessionsListCommand(terminal: Terminal): Command {
  return withStore(new Command('list'))
    .description('list the live sessions of a person or of an application, newest first')
    .option('--user <username>', 'of the account with this name')
    .option('--subject <sub>', 'of the person with this subject')
    .option('--client <client-id>', 'of this application')
    .addHelpText('after', HELP)
    .action((options: ListOptions) => list(terminal, options))
}

async function list(terminal: Terminal, options: ListOptions): Promise<void> {
  const of = chosen(options)
  const sessions = await withAuthority(terminal, options, (opened) => namedSessions(opened, of))
  if (options.json === true) return print(terminal, JSON.stringify(sessions.map(asJson)))
  if (sessions.length === 0) return print(terminal, 'There are no live sessions.')
  const headings = ['session', 'client', 'user', 'scope', 'started', 'rotated', 'ends']
  print(
    terminal,
    formatTable(headings, sessions.map(asRow), painterFor(terminal.stdout, terminal.environment)),
  )
}

function chosen({ user, subject, client }: ListOptions) {
  return onlyOne('list sessions', { user, subject, client }, '--user, --subject or --client')
}

async function namedSessions(
  { authority, stores }: OpenedAuthority,
  of: Of,
): Promise<readonly NamedSession[]> {
  const opened = { stores, issuer: authority.settings.issuer }
  const nameOf = nameLookup(opened)
  if (of.kind === 'client') await checkClientKnown(opened, of.value)
  const subject = of.kind === 'user' ? await subjectOfUser(opened, of.value) : of.value
  const summaries = await authority.sessions.list(of.kind === 'client' ? { client: of.value } : { subject })
  return Promise.all(summaries.map(async (one) => ({ ...one, username: await nameOf(one.subject) })))
}

function asJson(session: NamedSession): Record<string, unknown> {
  return {
    session: session.id,
    client: session.client,
    subject: session.subject,
    username: session.username,
    scope: session.scope.join(' '),
    created_at: session.createdAt,
    refreshed_at: session.refreshedAt,
    expires_at: session.expiresAt,
  }
}

function asRow(session: NamedSession): readonly string[] {
  const { id, client, username, subject, scope, createdAt, refreshedAt, expiresAt } = session
  const refreshed = refreshedAt === null ? '–' : formatMoment(refreshedAt)
  return [
    id,
    client,
    username ?? subject,
    scope.join(' '),
    formatMoment(createdAt),
    refreshed,
    formatMoment(expiresAt),
  ]
}

const HELP = `
Times are in UTC; with --json they are seconds since the epoch. ROTATED is when the refresh token last
changed: a refresh within the grace window, or by a client with a secret, gets the same one again.

Examples:
  jotwarden sessions list --user ann
  jotwarden sessions list --client orders-web --json | jq -r '.[].session'`
