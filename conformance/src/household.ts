import type { Stores } from '@jotwarden/authority'
import {
  sampleAccount,
  sampleClient,
  sampleCode,
  sampleConsent,
  sampleEvent,
  sampleHolding,
  sampleKey,
  sampleLogin,
  sampleMark,
  sampleSecret,
  sampleSession,
  T0,
} from './samples.ts'

/** One row of each kind that belong together, by their identifiers. */
export interface Household {
  readonly subject: string
  readonly username: string
  readonly client: string
  /** Id of the newer of its two secrets. */
  readonly secret: string
  readonly login: string
  readonly cookieHash: string
  readonly session: string
  readonly code: string
  readonly kid: string
}

/** Adds a household to the issuer; `like` gives it the identifiers of another. */
export async function moveIn(
  stores: Stores,
  issuer: string,
  like: Partial<Household> = {},
): Promise<Household> {
  const account = sampleAccount(
    like.subject === undefined ? {} : { subject: like.subject, username: like.username ?? '' },
  )
  const secrets = [sampleSecret(like.secret === undefined ? {} : { id: like.secret }), sampleSecret()]
  const client = sampleClient({ secrets, ...(like.client === undefined ? {} : { id: like.client }) })
  const owned = { subject: account.subject, client: client.id }
  const login = sampleLogin({
    subject: account.subject,
    ...(like.login === undefined ? {} : { id: like.login, cookieHash: like.cookieHash ?? '' }),
  })
  const session = sampleSession({
    ...owned,
    login: login.id,
    ...(like.session === undefined ? {} : { id: like.session }),
  })
  const code = sampleCode({
    ...owned,
    login: login.id,
    ...(like.code === undefined ? {} : { hash: like.code }),
  })
  const key = sampleKey({ issuer, ...(like.kid === undefined ? {} : { kid: like.kid }) })
  await stores.clients.add(issuer, client, [])
  await stores.accounts.add(issuer, account, [])
  await stores.logins.start(issuer, login, null, [sampleEvent({ type: 'login-succeeded' })])
  await stores.consents.give(issuer, sampleConsent(owned), 0, [])
  await stores.sessions.start(issuer, session, [])
  await stores.codes.issue(issuer, code, [])
  await stores.keys.add(issuer, [key], [])
  await stores.holders.add(issuer, sampleHolding({ holder: 'ada' }), [])
  const own = { id: 'jti-of-the-household', expiresAt: T0 + 600 }
  await stores.revocation.append(issuer, {
    events: [],
    marks: [sampleMark(own), sampleMark({ kind: 'client', id: NEIGHBOUR, expiresAt: T0 + 600 })],
  })
  const { id, cookieHash } = login
  const { subject, username } = account
  return {
    ...owned,
    secret: secrets[0]?.id ?? '',
    subject,
    username,
    login: id,
    cookieHash,
    session: session.id,
    code: code.hash,
    kid: key.kid,
  }
}

/** Everything that can be read of an issuer about a household. */
export async function portrait(
  stores: Stores,
  issuer: string,
  household: Household,
): Promise<Readonly<Record<string, unknown>>> {
  const { subject, username, client, cookieHash, session, code } = household
  return {
    client: await stores.clients.find(issuer, client),
    clients: await stores.clients.list(issuer),
    account: await stores.accounts.find(issuer, subject),
    byUsername: await stores.accounts.findByUsername(issuer, username),
    accounts: await stores.accounts.list(issuer),
    login: await stores.logins.find(issuer, cookieHash),
    consent: await stores.consents.find(issuer, subject, client),
    session: await stores.sessions.find(issuer, session),
    sessionsOfSubject: await stores.sessions.list(issuer, { subject }, 0),
    loginsOfSubject: await stores.logins.ofSubject(issuer, subject, { before: null, limit: 9 }, 0),
    openSessions: await stores.sessions.ofSubject(issuer, subject, { before: null, limit: 9 }, 0),
    consents: await stores.consents.list(issuer, subject, { after: '', limit: 9 }),
    sessionsOfClient: await stores.sessions.list(issuer, { client }, 0),
    code: await stores.codes.find(issuer, code),
    keys: await stores.keys.list(issuer),
    holders: await stores.holders.list(issuer),
    head: (await stores.revocation.head(issuer)).number || undefined,
    marks: (await stores.revocation.read(issuer, { after: 0, limit: 10_000 })).marks,
    lastMark: (await stores.revocation.lastMark(issuer, { subject, client: NEIGHBOUR })) || undefined,
    refused:
      (await stores.revocation.refuses(issuer, {
        ...{ iss: issuer, jti: 'jti-of-the-household', sub: subject, client_id: client, kid: 'kid' },
        rev: 1000,
      })) ?? undefined,
    floor: (await stores.revocation.head(issuer)).floor || undefined,
    events: await stores.events.list(issuer, { after: 0, limit: 10_000 }),
  }
}

/** Another client of each issuer, which was marked once. */
const NEIGHBOUR = 'neighbour'
