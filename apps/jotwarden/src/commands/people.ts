import { Refusal } from '../refusal.ts'
import type { OpenedStores } from '../state/with-stores.ts'

/** The subject of the account with this username, compared as accounts are. Throws `Refusal`. */
export async function subjectOfUser({ stores, issuer }: OpenedStores, username: string): Promise<string> {
  const record = await stores.accounts.findByUsername(issuer, username.normalize('NFKC').toLowerCase())
  if (record !== undefined) return record.subject
  const { AuthorityError } = await import('@jotwarden/authority')
  const message = 'Cannot find the account: nobody has this username'
  throw new Refusal('refused', message, {
    cause: new AuthorityError('authority/account-unknown', message),
    remedy: 'Of an account that was removed, name the subject with --subject',
  })
}

/** What a subject is called: its username while there is an account, else null. */
export type NameOf = (subject: string) => Promise<string | null>

/** Names for subjects, each looked up once. */
export function nameLookup({ stores, issuer }: OpenedStores): NameOf {
  const known = new Map<string, Promise<string | null>>()
  return (subject) => {
    const name = known.get(subject) ?? nameOf({ stores, issuer }, subject)
    known.set(subject, name)
    return name
  }
}

/** Refuses a client that is not registered, which is a slip of the keys more often than not. Throws `Refusal`. */
export async function checkClientKnown({ stores, issuer }: OpenedStores, id: string): Promise<void> {
  if ((await stores.clients.find(issuer, id)) !== undefined) return
  const { AuthorityError } = await import('@jotwarden/authority')
  const message = 'Cannot find the client: no client has this id'
  throw new Refusal('refused', message, {
    cause: new AuthorityError('authority/client-unknown', message),
    remedy: '`jotwarden clients list` shows the ids; what a removed client held was ended with it',
  })
}

async function nameOf({ stores, issuer }: OpenedStores, subject: string): Promise<string | null> {
  return (await stores.accounts.find(issuer, subject))?.username ?? null
}
