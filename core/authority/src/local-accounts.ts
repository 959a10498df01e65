import { type Clock, encodeBase64url, type Random, Secret } from '@jotwarden/token'
import type { AccountOutcome, AccountRecord, AccountRecords } from './account-records.ts'
import type { Account, AccountStore } from './account-store.ts'
import { AuthorityError } from './errors.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { type CommonPasswords, checkPassword } from './password-rules.ts'
import { NOTHING, noted, type Recorder } from './recording.ts'
import { accountErased, subjectRevoked, together } from './revoked.ts'
import type { SecurityEventType } from './security-event.ts'
import type { EndCause } from './session-store.ts'

/** An account to be made. */
export interface NewAccount {
  readonly username: string
  readonly name?: string
  readonly email?: string
  readonly password: Secret
}

/** Accounts of the authority's own. Usernames are compared in NFKC and without case. */
export interface LocalAccounts extends AccountStore {
  /** Throws `authority/account-invalid`, `authority/account-exists`. */
  add(request: NewAccount): Promise<Account>
  list(): Promise<readonly Account[]>
  /** Ends every login and session of the person. Throws `authority/account-unknown`, `authority/account-invalid`. */
  changePassword(username: string, password: Secret): Promise<void>
  /** Ends every login and session of the person. Throws `authority/account-unknown`. */
  disable(username: string): Promise<void>
  /** Throws `authority/account-unknown`. */
  enable(username: string): Promise<void>
  /** Ends every login and session of the person. Throws `authority/account-unknown`. */
  remove(username: string): Promise<void>
  /**
   * Deletes everything that is known of the person, and ends what they were authenticated for. `before` is told the subject
   * first. Throws `authority/account-unknown`.
   */
  erase(username: string, before: (subject: string) => Promise<void>): Promise<void>
}

export interface LocalAccountsParts {
  readonly issuer: string
  readonly records: AccountRecords
  readonly hasher: PasswordHasher
  readonly clock: Clock
  readonly random: Random
  /** Says of a password in small letters whether it stands in a list of common ones; without it no list is asked. */
  readonly isCommonPassword?: CommonPasswords
}

export function createLocalAccounts(parts: LocalAccountsParts): LocalAccounts {
  const { issuer, records, hasher, clock, random } = parts
  let nobody: Promise<string> | undefined

  /** A hash that no password matches, so that an unknown name takes as long as a wrong password. */
  function nobodysHash(): Promise<string> {
    nobody ??= hasher.hash(Secret.fromText(encodeBase64url(random.bytes(32)))).catch((error) => {
      nobody = undefined
      throw error
    })
    return nobody
  }

  async function known(username: string): Promise<AccountRecord> {
    const record = await records.findByUsername(issuer, normalized(username))
    if (record !== undefined) return record
    throw new AuthorityError('authority/account-unknown', 'Cannot find the account: nobody has this username')
  }

  /** The event of the act; with a cause, everything that the person was authenticated for is refused besides. */
  function recorded(
    type: SecurityEventType,
    subject: string,
    at: number,
    cause?: EndCause,
  ): Recorder<AccountOutcome> {
    return (outcome) => {
      if (outcome !== 'done') return NOTHING
      const event = noted({ type, at, subject })
      return cause === undefined ? event : together(event, subjectRevoked(subject, cause, at))
    }
  }

  return {
    async verifyPassword(username, password, hold) {
      const record =
        username.length > 256 ? undefined : await records.findByUsername(issuer, normalized(username))
      try {
        // A disabled account is as good as none: its right password must not answer in a time of its own
        const held = record?.disabled === true ? undefined : record?.passwordHash
        const match = await hasher.verify(password, held ?? (await nobodysHash()), hold)
        if (record === undefined) return { verdict: 'refused' }
        if (record.disabled || match === 'mismatch') return { verdict: 'refused', subject: record.subject }
        if (match === 'match-rehash') {
          await records.rehash(issuer, record.subject, record.passwordHash, await hasher.hash(password))
        }
        return { verdict: 'accepted', account: accountOf(record) }
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'hasher/busy')
          return { verdict: 'busy' }
        throw error
      }
    },
    async find(subject) {
      const record = await records.find(issuer, subject)
      return record === undefined ? undefined : accountOf(record)
    },
    async add(request) {
      const account = newAccount(request, `usr_${encodeBase64url(random.bytes(16))}`)
      await checkPassword(request.password, [...namesOf(account), issuer], parts.isCommonPassword)
      const passwordHash = await hasher.hash(request.password)
      const record = { ...account, passwordHash, credentialVersion: 0, createdAt: clock.now() }
      const event = { type: 'account-added', at: record.createdAt, subject: record.subject } as const
      if ((await records.add(issuer, record, [event])) === 'added') return account
      throw new AuthorityError('authority/account-exists', 'Cannot add the account: the username is taken')
    },
    async list() {
      return (await records.list(issuer)).map(accountOf)
    },
    async changePassword(username, password) {
      const record = await known(username)
      await checkPassword(password, [...namesOf(record), issuer], parts.isCommonPassword)
      const { subject } = record
      const hash = await hasher.hash(password)
      const now = clock.now()
      await records.changePassword(
        issuer,
        subject,
        hash,
        now,
        recorded('account-password-changed', subject, now, 'password-changed'),
      )
    },
    async disable(username) {
      const { subject } = await known(username)
      const now = clock.now()
      await records.disable(
        issuer,
        subject,
        now,
        recorded('account-disabled', subject, now, 'account-disabled'),
      )
    },
    async enable(username) {
      const { subject } = await known(username)
      await records.enable(issuer, subject, recorded('account-enabled', subject, clock.now()))
    },
    async remove(username) {
      const { subject } = await known(username)
      const now = clock.now()
      await records.remove(issuer, subject, now, recorded('account-removed', subject, now, 'account-removed'))
    },
    async erase(username, before) {
      const { subject } = await known(username)
      await before(subject)
      const now = clock.now()
      await records.erase(issuer, subject, (outcome) =>
        outcome === 'done' ? accountErased(subject, 'administrator', now) : NOTHING,
      )
    },
  }
}

/** Throws `authority/account-invalid`. */
export function newAccount(request: Omit<NewAccount, 'password'>, subject: string): Account {
  const username = normalized(request.username)
  if (!/^[^\p{C}\p{Z}]{1,128}$/u.test(username)) {
    throw new AuthorityError(
      'authority/account-invalid',
      'Cannot add the account: a username is 1 to 128 characters without spaces',
    )
  }
  const { name = null, email = null } = request
  if (name !== null && (name.trim() === '' || name.length > 200 || /\p{Cc}/u.test(name))) {
    throw new AuthorityError(
      'authority/account-invalid',
      'Cannot add the account: a name is 1 to 200 printable characters',
    )
  }
  if (email !== null && !/^[^\s@\p{Cc}]{1,64}@[^\s@\p{Cc}]{1,189}$/u.test(email)) {
    throw new AuthorityError(
      'authority/account-invalid',
      'Cannot add the account: the e-mail address is malformed',
    )
  }
  return { subject, username, name, email, emailVerified: false, disabled: false }
}

/** How usernames are compared. */
export function normalized(username: string): string {
  return username.normalize('NFKC').toLowerCase()
}

function namesOf({ username, name, email }: Account): readonly string[] {
  return [username, name, email].filter((word) => word !== null)
}

function accountOf(record: AccountRecord): Account {
  const { passwordHash: _hash, createdAt: _createdAt, importedWork: _work, ...account } = record
  return account
}
