import type { StoredSecurityEvent } from '@jotwarden/authority'
import { formatMoment } from '../output/moment.ts'
import { printable } from '../output/table.ts'
import type { NameOf } from './people.ts'

/** The headings over `eventCells`. */
export const EVENT_HEADINGS: readonly string[] = ['number', 'time', 'type', 'about', 'cause', 'count']

/** What people see of an event, cell by cell. */
export async function eventCells(event: StoredSecurityEvent, nameOf: NameOf): Promise<readonly string[]> {
  const { number, at, type, cause, count } = event
  const who = await whoOf(event, nameOf)
  return [String(number), formatMoment(at), type, who, cause ?? '–', String(count)]
}

/** An event as one line, about as wide as the ones before it. */
export async function eventLine(event: StoredSecurityEvent, nameOf: NameOf): Promise<string> {
  const [number = '', time = '', type = '', who = '', cause = '', count = ''] = (
    await eventCells(event, nameOf)
  ).map(printable)
  const times = count === '1' ? '' : `  ×${count}`
  return `${number.padStart(6)}  ${time}  ${type.padEnd(LONGEST_TYPE)}  ${who}  ${cause}${times}`
}

/** The person and the application, or else what the event is about. */
async function whoOf(event: StoredSecurityEvent, nameOf: NameOf): Promise<string> {
  const { subject, client, kid, login, session, token, holder } = event
  if (holder !== undefined) return holder
  const person = subject === undefined ? undefined : ((await nameOf(subject)) ?? subject)
  if (person !== undefined && client !== undefined && person !== client) return `${person} (${client})`
  return person ?? client ?? kid ?? session ?? login ?? token ?? '–'
}

const LONGEST_TYPE = 'account-password-changed'.length
