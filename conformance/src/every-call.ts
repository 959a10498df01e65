import type { Recorder, Stores } from '@jotwarden/authority'
import type { Household } from './household.ts'
import { sampleClient, sampleRotation, sampleSecretRotation, sampleSession, T0 } from './samples.ts'

/** An act on a household whose events are decided inside it. */
export interface RecordedAct {
  readonly name: string
  readonly act: (stores: Stores, issuer: string, record: Recorder<unknown>) => Promise<unknown>
}

/** Each act that takes a recorder, in an order in which every one still finds what it changes. */
export function everyAct(household: Household): readonly RecordedAct[] {
  const { subject, client, secret, login, session, code } = household
  const now = T0 + 5
  return [
    {
      name: 'sessions.rotate',
      act: (stores, issuer, record) => stores.sessions.rotate(issuer, sampleRotation({ session }), record),
    },
    {
      name: 'sessions.rotate (reuse)',
      act: (stores, issuer, record) =>
        stores.sessions.rotate(issuer, sampleRotation({ session, generation: -1 }), record),
    },
    {
      name: 'codes.redeem',
      act: (stores, issuer, record) =>
        stores.codes.redeem(issuer, code, sampleSession({ login }), now, record),
    },
    {
      name: 'sessions.end',
      act: (stores, issuer, record) => stores.sessions.end(issuer, { subject }, 'logout', now, record),
    },
    { name: 'logins.end', act: (stores, issuer, record) => stores.logins.end(issuer, login, now, record) },
    {
      name: 'logins.endOf',
      act: (stores, issuer, record) =>
        stores.logins.endOf(issuer, subject, { except: [] }, 'person', now, record),
    },
    {
      name: 'consents.withdraw',
      act: (stores, issuer, record) =>
        stores.consents.withdraw(issuer, { subject, client }, 'person', now, record),
    },
    {
      name: 'accounts.changePassword',
      act: (stores, issuer, record) => stores.accounts.changePassword(issuer, subject, 'new', now, record),
    },
    {
      name: 'accounts.disable',
      act: (stores, issuer, record) => stores.accounts.disable(issuer, subject, now, record),
    },
    {
      name: 'accounts.enable',
      act: (stores, issuer, record) => stores.accounts.enable(issuer, subject, record),
    },
    {
      name: 'accounts.remove',
      act: (stores, issuer, record) => stores.accounts.remove(issuer, subject, now, record),
    },
    {
      name: 'clients.addAll',
      act: (stores, issuer, record) =>
        stores.clients.addAll(issuer, [sampleClient({ id: client })], 'skip', record),
    },
    {
      name: 'clients.rotateSecret',
      act: (stores, issuer, record) =>
        stores.clients.rotateSecret(
          issuer,
          sampleSecretRotation({ client, replaces: secret, endsAt: T0 }),
          record,
        ),
    },
    {
      name: 'clients.endSecret',
      act: (stores, issuer, record) => stores.clients.endSecret(issuer, { client, secret, now }, record),
    },
    {
      name: 'clients.remove',
      act: (stores, issuer, record) => stores.clients.remove(issuer, client, now, record),
    },
  ]
}

/** Each read. */
export function everyRead(
  household: Household,
): readonly ((stores: Stores, issuer: string) => Promise<unknown>)[] {
  const { subject, username, client, login, cookieHash, session, code } = household
  return [
    (stores, issuer) => stores.clients.find(issuer, client),
    (stores, issuer) => stores.clients.list(issuer),
    (stores, issuer) => stores.accounts.find(issuer, subject),
    (stores, issuer) => stores.accounts.findByUsername(issuer, username),
    (stores, issuer) => stores.accounts.list(issuer),
    (stores, issuer) => stores.logins.find(issuer, cookieHash),
    (stores, issuer) => stores.logins.get(issuer, login),
    (stores, issuer) => stores.consents.find(issuer, subject, client),
    (stores, issuer) => stores.consents.list(issuer, subject, { after: '', limit: 9 }),
    (stores, issuer) => stores.codes.find(issuer, code),
    (stores, issuer) => stores.sessions.find(issuer, session),
    (stores, issuer) => stores.sessions.list(issuer, { subject }, T0),
    (stores, issuer) => stores.logins.ofSubject(issuer, subject, { before: null, limit: 9 }, T0),
    (stores, issuer) => stores.sessions.ofSubject(issuer, subject, { before: null, limit: 9 }, T0),
    (stores, issuer) => stores.sessions.latestEnd(issuer),
    (stores, issuer) => stores.events.list(issuer, { after: 0, limit: 1 }),
    (stores, issuer) => stores.events.last(issuer),
    (stores, issuer) => stores.keys.list(issuer),
    (stores, issuer) => stores.holders.list(issuer),
    (stores, issuer) => stores.revocation.head(issuer),
    (stores, issuer) => stores.revocation.read(issuer, { after: 0, limit: 10 }),
    (stores, issuer) => stores.revocation.lastMark(issuer, { subject, client }),
    (stores, issuer) =>
      stores.revocation.refuses(issuer, {
        iss: issuer,
        jti: 'jti',
        sub: subject,
        client_id: client,
        kid: 'kid',
      }),
  ]
}
