import type {
  ClientSecret,
  SecretEndOutcome,
  SecretRotation,
  SecretRotationOutcome,
} from './client-secret.ts'
import type { Recorder } from './recording.ts'
import type { SecurityEvent } from './security-event.ts'

export type GrantType = 'authorization_code' | 'refresh_token' | 'client_credentials'

/** A registered client (RFC 6749 §2). */
export interface Client {
  readonly id: string
  readonly name: string
  /** Whether it can keep a secret (RFC 6749 §2.1). */
  readonly type: 'public' | 'confidential'
  /** `native` clients may use any port of a loopback redirect (RFC 8252 §7.3). */
  readonly applicationType: 'web' | 'native'
  /** Two at most, the newest first; none for public clients. */
  readonly secrets: readonly ClientSecret[]
  readonly redirectUris: readonly string[]
  readonly grantTypes: readonly GrantType[]
  /** The most it may ever be granted. */
  readonly scopes: readonly string[]
  /** `ask` the person, or `trusted`: run by the same people as the authority. */
  readonly consent: 'ask' | 'trusted'
  /** Where a browser may be sent after it was signed out (OpenID Connect RP-Initiated Logout §3). */
  readonly postLogoutRedirectUris: readonly string[]
  /**
   * The identifier of the resource server that this client is, if it is one: it may then read the revocation feed and
   * introspect tokens that are for it.
   */
  readonly resource: string | null
  /** Seconds since the epoch. */
  readonly createdAt: number
}

/** Ids of the clients that were added, and of those that were there before, in the order given. */
export interface AddedClients {
  readonly added: readonly string[]
  readonly taken: readonly string[]
}

/** Where clients are registered. Rows are found by issuer first, then id. */
export interface ClientStore {
  /** Adds the client; of two concurrent calls with one id exactly one is answered `added`, and the other changes nothing. */
  add(issuer: string, client: Client, events: readonly SecurityEvent[]): Promise<'added' | 'exists'>
  /**
   * Adds clients of different ids as one act: all of them, or with `refuse` none when an id is taken; with `skip` those whose
   * id is free. Answers which were added and which ids were taken. What `record` gives is written in the same act.
   */
  addAll(
    issuer: string,
    clients: readonly Client[],
    taken: 'refuse' | 'skip',
    record: Recorder<AddedClients>,
  ): Promise<AddedClients>
  find(issuer: string, id: string): Promise<Client | undefined>
  /** All clients, by id. */
  list(issuer: string): Promise<readonly Client[]>
  /**
   * Replaces the newest secret as `decideSecretRotation` says, and where the rotation ends grants, ends the client's sessions
   * and voids its codes in the same act. Of any number of concurrent calls that saw the same newest secret one is `rotated`.
   */
  rotateSecret(
    issuer: string,
    rotation: SecretRotation,
    record: Recorder<SecretRotationOutcome>,
  ): Promise<SecretRotationOutcome>
  /** Ends one secret as `decideSecretEnd` says: of two concurrent calls that would end both, one is answered `last`. */
  endSecret(
    issuer: string,
    named: { readonly client: string; readonly secret: string; readonly now: number },
    record: Recorder<SecretEndOutcome>,
  ): Promise<SecretEndOutcome>
  /** Notes that the secret was shown, unless that was noted within the hour before, or it is not known any more. */
  noteSecretUse(issuer: string, client: string, secret: string, at: number): Promise<void>
  /**
   * Removes the client and, in the same act, ends its sessions and voids its codes and consents.
   * Of two concurrent calls exactly one is answered `removed`.
   */
  remove(
    issuer: string,
    id: string,
    now: number,
    record: Recorder<'removed' | 'unknown'>,
  ): Promise<'removed' | 'unknown'>
}
