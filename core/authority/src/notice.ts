import type { ClientStore } from './client-store.ts'
import type { EventStore, StoredSecurityEvent } from './security-event.ts'

/** What of all events the person whom it is about should be told. */
export type NoticeKind =
  /** Somebody signed in from a network that the person had not signed in from for long. */
  | 'signed-in-from-new-network'
  | 'password-changed'
  /** An administrator ended every session. */
  | 'signed-out-everywhere'
  /** A refresh token came a second time, as a stolen one would; the session has ended. */
  | 'refresh-token-reused'
  | 'account-disabled'
  | 'account-enabled'

/** It names the person by their subject, and holds no address, no token and nothing that was typed. */
export interface Notice {
  /** The same whenever it is told again. */
  readonly id: string
  readonly kind: NoticeKind
  readonly subject: string
  /** Seconds since the epoch. */
  readonly at: number
  /** The application, as people know it. */
  readonly clientName?: string
}

/** What people should be told, read from the events. */
export interface Notices {
  /**
   * Tells what happened since the reader of this name was last told, in the order in which it happened and one after the
   * other; says how many events it has passed. How far the reader has come is kept in the store: what `notify` rejects is
   * told again, with all that follows it, and so may be what it had just taken when the process ended. A new reader begins
   * with what happens from now on.
   */
  deliver(reader: string, notify: (notice: Notice) => Promise<void>): Promise<number>
}

export interface NoticesParts {
  readonly issuer: string
  readonly events: EventStore
  readonly clients: ClientStore
}

export function createNotices({ issuer, events, clients }: NoticesParts): Notices {
  async function noticeOf(event: StoredSecurityEvent): Promise<Notice | undefined> {
    const kind = kindOf(event)
    if (kind === undefined || event.subject === undefined) return undefined
    const { subject, at, number } = event
    const client = event.client === undefined ? undefined : await clients.find(issuer, event.client)
    // Numbers come again in a store that was set back; the moment does not
    const id = `${number}-${Math.floor(at * 1000)}`
    return { id, kind, subject, at, ...(client === undefined ? {} : { clientName: client.name }) }
  }

  return {
    async deliver(reader, notify) {
      const position = await events.position(issuer, reader)
      if (position === undefined) {
        await events.advance(issuer, reader, await events.last(issuer))
        return 0
      }
      const page = await events.list(issuer, { after: position, limit: PAGE })
      for (const event of page) {
        const notice = await noticeOf(event)
        if (notice === undefined) continue
        await notify(notice)
        await events.advance(issuer, reader, event.number)
      }
      const last = page.at(-1)
      if (last !== undefined) await events.advance(issuer, reader, last.number)
      return page.length
    },
  }
}

function kindOf({ type, cause }: StoredSecurityEvent): NoticeKind | undefined {
  if (type === 'login-succeeded') return cause === NEW_NETWORK ? 'signed-in-from-new-network' : undefined
  // Other causes have an event of their own
  if (type === 'subject-revoked') return cause === 'administrator' ? 'signed-out-everywhere' : undefined
  return KINDS.get(type)
}

/** The cause of a `login-succeeded` that a person should be told of. */
export const NEW_NETWORK = 'new-network'
const KINDS: ReadonlyMap<string, NoticeKind> = new Map([
  ['account-password-changed', 'password-changed'],
  ['refresh-reused', 'refresh-token-reused'],
  ['account-disabled', 'account-disabled'],
  ['account-enabled', 'account-enabled'],
])
const PAGE = 100
