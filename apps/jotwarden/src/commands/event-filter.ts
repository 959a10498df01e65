import type { SecurityEventType, StoredSecurityEvent } from '@jotwarden/authority'
import { type Command, Option } from 'commander'
import { Refusal } from '../refusal.ts'
import type { OpenedStores } from '../state/with-stores.ts'
import { subjectOfUser } from './people.ts'
import type { SharedOptions } from './shared-options.ts'

/** The options that choose events. */
export interface EventOptions extends SharedOptions {
  readonly type?: readonly SecurityEventType[]
  readonly subject?: string
  readonly user?: string
  readonly client?: string
  readonly limit?: string
  readonly after?: string
}

export type EventFilter = (event: StoredSecurityEvent) => boolean

/** Adds the options that choose events. */
export function withEventFilter(command: Command): Command {
  return command
    .addOption(new Option('--type <type...>', 'of these types').choices(Object.keys(types)))
    .option('--user <username>', 'about the account with this name')
    .option('--subject <sub>', 'about the person with this subject')
    .option('--client <client-id>', 'about this application')
    .option('--after <number>', 'with a greater number than this')
}

/** The range that the options name. Throws `Refusal`. */
export function rangeOf(options: EventOptions): {
  readonly after: number | undefined
  readonly limit: number | undefined
} {
  if (options.user !== undefined && options.subject !== undefined)
    throw new Refusal('misuse', 'Cannot choose events: --user and --subject exclude each other')
  return {
    after: wholeNumber('--after', options.after, 0),
    limit: wholeNumber('--limit', options.limit, 1),
  }
}

/** What the options let through. Throws `Refusal` for a username that nobody has. */
export async function eventFilter(opened: OpenedStores, options: EventOptions): Promise<EventFilter> {
  const types = options.type === undefined ? undefined : new Set(options.type)
  const subject = options.user === undefined ? options.subject : await subjectOfUser(opened, options.user)
  return (event) =>
    types?.has(event.type) !== false &&
    (subject === undefined || event.subject === subject) &&
    (options.client === undefined || event.client === options.client)
}

function wholeNumber(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const value = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least) return value
  throw new Refusal('misuse', `Cannot use ${option}: it is not a whole number from ${least} on`)
}

/** A record, so that the compiler misses a type that is not here. */
const types: Readonly<Record<SecurityEventType, true>> = {
  'login-succeeded': true,
  'login-refused': true,
  'login-throttled': true,
  'login-ended': true,
  'token-revoked': true,
  'consent-given': true,
  'consent-refused': true,
  'consent-withdrawn': true,
  'code-replayed': true,
  'session-started': true,
  'session-ended': true,
  'subject-revoked': true,
  'client-revoked': true,
  'issuer-revoked': true,
  'log-set-back': true,
  'configuration-changed': true,
  'refresh-reused': true,
  'refresh-ahead': true,
  'refresh-shadowed': true,
  'client-added': true,
  'client-removed': true,
  'client-secret-rotated': true,
  'client-secret-ended': true,
  'client-refused': true,
  'client-throttled': true,
  'grant-throttled': true,
  'account-added': true,
  'account-password-changed': true,
  'account-disabled': true,
  'account-enabled': true,
  'account-removed': true,
  'account-erased': true,
  'key-created': true,
  'key-activated': true,
  'key-rewrapped': true,
  'key-state-changed': true,
  'holder-added': true,
  'holder-removed': true,
  'holder-offboarded': true,
  'holder-settled': true,
}
