import { type Clock, encodeBase64url, type Random, Secret } from '@jotwarden/token'
import type { AccountRecord, AccountRecords, AddedAll } from './account-records.ts'
import type { Account } from './account-store.ts'
import type { ClientStore } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import { type NewAccount, newAccount } from './local-accounts.ts'
import type { PasswordHasher } from './password-hasher.ts'

/** An account as another system kept it. */
export interface ImportedAccount extends Omit<NewAccount, 'password'> {
  /** What applications know the person by already; made when left out. */
  readonly subject?: string
  readonly emailVerified?: boolean
  readonly disabled?: boolean
  /** A hash that the hasher can check, with the milliseconds that it takes, about; null for nobody's password. */
  readonly password: { readonly hash: string; readonly work: number } | null
}

/** Takes over accounts of another system, many at a time. Their passwords are hashed anew at the first sign-in. */
export interface AccountImport {
  /** The account as it would be kept. Throws `authority/account-invalid`. */
  prepare(account: ImportedAccount): Promise<AccountRecord>
  /** Who has this username or subject already. */
  inTheWay(account: AccountRecord): Promise<AccountRecord | undefined>
  /** Adds all of them, or none when one is in the way. */
  add(accounts: readonly AccountRecord[]): Promise<AddedAll>
}

export interface AccountImportParts {
  readonly issuer: string
  readonly records: AccountRecords
  readonly clients: Pick<ClientStore, 'find'>
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly random: Random
}

export function createAccountImport(parts: AccountImportParts): AccountImport {
  const { issuer, records, clients, hasher, clock, random } = parts
  let nobodys: Promise<string> | undefined

  /** One for all, since nobody knows its password: an account with it waits for a new one. */
  function nobodysHash(): Promise<string> {
    nobodys ??= hasher.hash(Secret.fromText(encodeBase64url(random.bytes(32))))
    return nobodys
  }

  return {
    async prepare(request) {
      const account = newAccount(request, request.subject ?? `usr_${encodeBase64url(random.bytes(16))}`)
      checkSubject(account)
      // RFC 9700 §4.15: nobody could tell the tokens of the two apart
      if (request.subject !== undefined && (await clients.find(issuer, request.subject)) !== undefined)
        throw invalid('its subject is the id of a client')
      const { password, emailVerified = false, disabled = false } = request
      const kept =
        password === null
          ? { passwordHash: await nobodysHash() }
          : { passwordHash: password.hash, importedWork: password.work }
      if (emailVerified && account.email === null)
        throw invalid('an e-mail address that is missing is not verified')
      return { ...account, emailVerified, disabled, ...kept, credentialVersion: 0, createdAt: clock.now() }
    },
    async inTheWay({ username, subject }) {
      return (await records.findByUsername(issuer, username)) ?? (await records.find(issuer, subject))
    },
    add(accounts) {
      const events = accounts.map(({ subject }) => {
        return { type: 'account-added', at: clock.now(), subject, cause: 'imported' } as const
      })
      return records.addAll(issuer, accounts, events)
    },
  }
}

/** Tokens and events carry it for ever, so that it must say nothing of the person (OpenID Connect Core §2: at most 255 ASCII). */
function checkSubject({ subject, username, email }: Account): void {
  if (!/^[!-~]{1,255}$/.test(subject)) throw invalid('a subject is 1 to 255 ASCII characters without spaces')
  const told = subject.toLowerCase()
  if (told.includes('@') || told === username || told === email?.toLowerCase())
    throw invalid('a subject must not be the username or an e-mail address')
}

function invalid(state: string): AuthorityError {
  return new AuthorityError('authority/account-invalid', `Cannot add the account: ${state}`)
}
