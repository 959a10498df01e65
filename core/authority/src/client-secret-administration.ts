import { type Clock, encodeBase64url, type Random, Secret } from '@jotwarden/token'
import type { ClientSecret, SecretEndOutcome, SecretRotationOutcome } from './client-secret.ts'
import type { Client, ClientStore } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import { NOTHING, noted, type Recording } from './recording.ts'
import { clientRevoked, together } from './revoked.ts'
import type { SecurityEvent } from './security-event.ts'
import { sha256 } from './sha256.ts'

/** How a secret is replaced. */
export interface SecretReplacement {
  /** Seconds for which the one before stays valid; 0 ends all before at once. */
  readonly overlap: number
  /** Also ends the client's sessions, and refuses all that was issued to it until now. */
  readonly endsGrants?: boolean
  /** Id of the newest secret, as the caller has seen it; read anew unless given. */
  readonly replaces?: string
}

/** What a replacement leaves. */
export interface RotatedSecret {
  readonly client: Client
  /** Answered here and never again. */
  readonly secret: Secret
}

/** Replaces the secrets of confidential clients. */
export interface SecretAdministration {
  /**
   * Makes a new secret; the one before stays valid for the overlap, or ends earlier if it was to. Throws
   * `authority/client-unknown`, `authority/client-invalid` for a public client, `authority/secret-conflict` when somebody else
   * replaced it meanwhile, and `authority/secret-overlap` while two are valid already; there is no new secret then.
   */
  rotateSecret(id: string, replacement: SecretReplacement): Promise<RotatedSecret>
  /** Ends one of two valid secrets at once. Throws `authority/secret-unknown`, `authority/secret-last`. */
  endSecret(id: string, secret: string): Promise<'ended' | 'already'>
}

export interface SecretAdministrationParts {
  readonly issuer: string
  readonly clients: ClientStore
  readonly clock: Clock
  readonly random: Random
}

export function createSecretAdministration(parts: SecretAdministrationParts): SecretAdministration {
  const { issuer, clients, clock, random } = parts

  async function newestOf(id: string): Promise<string> {
    const client = await clients.find(issuer, id)
    if (client === undefined) throw refusals.unknown()
    const [newest] = client.secrets
    if (newest !== undefined) return newest.id
    throw new AuthorityError(
      'authority/client-invalid',
      'Cannot replace the secret: the client is public, and has none',
    )
  }

  return {
    async rotateSecret(id, { overlap, endsGrants = false, replaces }) {
      const newest = await newestOf(id)
      const now = clock.now()
      const secret = newSecretText(random)
      const fresh = madeSecret(secret, random, now)
      const outcome = await clients.rotateSecret(
        issuer,
        { client: id, replaces: replaces ?? newest, fresh, endsAt: now + overlap, endsGrants, now },
        (decided) => (decided === 'rotated' ? rotated(id, overlap, endsGrants, now) : NOTHING),
      )
      if (outcome !== 'rotated') throw refusals[outcome]()
      const client = await clients.find(issuer, id)
      if (client === undefined) throw refusals.unknown()
      return { client, secret }
    },
    async endSecret(id, secret) {
      const now = clock.now()
      const event: SecurityEvent = {
        type: 'client-secret-ended',
        at: now,
        client: id,
        cause: 'administrator',
      }
      const outcome = await clients.endSecret(issuer, { client: id, secret, now }, (decided) =>
        decided === 'ended' ? noted(event) : NOTHING,
      )
      return endedOrRefused(outcome)
    },
  }
}

/** 256 random bits, with a beginning by which scanners of source code find them. */
export function newSecretText(random: Random): Secret {
  return Secret.fromText(`jwc_${encodeBase64url(random.bytes(32))}`)
}

export function madeSecret(secret: Secret, random: Random, now: number): ClientSecret {
  return {
    id: Buffer.from(random.bytes(4)).toString('hex'),
    hash: sha256(secret.revealText()),
    origin: 'made',
    createdAt: now,
    endsAt: null,
    usedAt: null,
  }
}

function rotated(client: string, overlap: number, endsGrants: boolean, at: number): Recording {
  const cause = overlap > 0 ? 'overlap' : 'at-once'
  const event = noted({ type: 'client-secret-rotated', at, client, cause })
  return endsGrants ? together(event, clientRevoked(client, 'secret-replaced', at)) : event
}

function endedOrRefused(outcome: SecretEndOutcome): 'ended' | 'already' {
  if (outcome === 'ended' || outcome === 'already') return outcome
  if (outcome === 'unknown')
    throw new AuthorityError(
      'authority/secret-unknown',
      'Cannot end the secret: no client with this id has a secret with that id',
    )
  throw new AuthorityError(
    'authority/secret-last',
    'Cannot end the secret: it is the last one of the client, which could not prove who it is any more',
  )
}

const refusals: Readonly<Record<Exclude<SecretRotationOutcome, 'rotated'>, () => AuthorityError>> = {
  unknown: () =>
    new AuthorityError('authority/client-unknown', 'Cannot replace the secret: no client has this id'),
  changed: () =>
    new AuthorityError(
      'authority/secret-conflict',
      'Cannot replace the secret: somebody else replaced it meanwhile',
    ),
  overlapping: () =>
    new AuthorityError(
      'authority/secret-overlap',
      'Cannot replace the secret: the client has two that are valid; end one of them first',
    ),
}
