import { type ClientSecret, isValidSecret, secretWithText } from './client-secret.ts'
import type { Client, ClientStore } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import type { TokenRequest } from './grant-pipeline.ts'
import type { Guesses, Shown } from './guesses.ts'
import type { OAuthForm } from './oauth-form.ts'
import type { SecretUses } from './secret-uses.ts'

/** Proof that a client showed who it is; only this file makes it. */
export class AuthenticatedClient {
  readonly client: Client
  /** Id of the secret that it showed; null for public clients, and within the process. */
  readonly secret: string | null
  readonly #made = true

  private constructor(client: Client, secret: string | null) {
    this.client = client
    this.secret = secret
  }

  /** For the process that runs the authority, which need not prove itself to itself. */
  static inProcess(client: Client): AuthenticatedClient {
    return new AuthenticatedClient(client, null)
  }

  /**
   * Authenticates the client of a token request (RFC 6749 §2.3): HTTP Basic, or `client_id` and `client_secret` in the
   * body, or `client_id` alone for a public client; exactly one of them.
   *
   * Throws `oauth/invalid_client`, the same for an unknown client and a wrong secret, or `oauth/invalid_request` when
   * two methods are used at once. Throws `authority/throttled` after too many failures, but never for a right secret from a
   * network that has shown it before. Nothing but counts and the note of
   * the secret's use is changed.
   */
  static async authenticate(
    request: TokenRequest,
    context: {
      readonly issuer: string
      readonly clients: ClientStore
      readonly guesses: Guesses
      readonly uses: SecretUses
      readonly now: number
    },
  ): Promise<AuthenticatedClient> {
    const presented = presentedCredentials(request.form, request.authorization)
    const client = CLIENT_ID.test(presented.id)
      ? await context.clients.find(context.issuer, presented.id)
      : undefined
    if (client?.type === 'public' && presented.secret === undefined)
      return new AuthenticatedClient(client, null)
    const secret = client && secretShown(client, presented.secret)
    const shown = shownBy(secret, context.now)
    await context.guesses.client(presented.id, client, request.network, shown)
    if (client !== undefined && secret !== undefined && shown === 'proven') {
      context.uses.note(client.id, secret, context.now)
      return new AuthenticatedClient(client, secret.id)
    }
    throw new AuthorityError(
      'oauth/invalid_client',
      'Cannot authenticate the client: it is unknown or its credentials are wrong',
    )
  }

  /** Keeps look-alikes out: an object without the private field is no proof. */
  static isProof(value: unknown): value is AuthenticatedClient {
    return typeof value === 'object' && value !== null && #made in value
  }
}

interface PresentedCredentials {
  readonly id: string
  readonly secret: string | undefined
}

function presentedCredentials(form: OAuthForm, authorization: string | undefined): PresentedCredentials {
  const bodyId = form.one('client_id')
  const bodySecret = form.one('client_secret')
  if (form.one('client_assertion') !== undefined || form.one('client_assertion_type') !== undefined) {
    throw new AuthorityError(
      'oauth/invalid_client',
      'Cannot authenticate the client: client assertions are not supported',
    )
  }
  if (authorization !== undefined) {
    if (bodySecret !== undefined) throw invalidRequest('it uses two methods of client authentication')
    const basic = basicCredentials(authorization)
    if (bodyId !== undefined && bodyId !== basic.id) throw invalidRequest('it names two clients')
    return basic
  }
  if (bodyId === undefined) {
    throw new AuthorityError('oauth/invalid_client', 'Cannot authenticate the client: client_id is missing')
  }
  return { id: bodyId, secret: bodySecret }
}

/** RFC 6749 §2.3.1: both halves are form-encoded, then joined by a colon, then base64. */
function basicCredentials(authorization: string): PresentedCredentials {
  const match = BASIC.exec(authorization)
  const decoded = match?.[1] === undefined ? '' : Buffer.from(match[1], 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon === -1)
    throw new AuthorityError(
      'oauth/invalid_client',
      'Cannot authenticate the client: the Authorization header is not HTTP Basic',
    )
  return { id: formDecode(decoded.slice(0, colon)), secret: formDecode(decoded.slice(colon + 1)) }
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new AuthorityError(
      'oauth/invalid_client',
      'Cannot authenticate the client: the Authorization header is wrongly encoded',
    )
  }
}

function secretShown(client: Client, text: string | undefined): ClientSecret | undefined {
  if (client.type === 'public' || text === undefined) return undefined
  return secretWithText(client, text)
}

/** Time counts at each use: whoever remembers a client keeps no secret of it alive. */
function shownBy(secret: ClientSecret | undefined, now: number): Shown {
  if (secret === undefined) return 'wrong-credentials'
  return isValidSecret(secret, now) ? 'proven' : 'ended-secret'
}

function invalidRequest(reason: string): AuthorityError {
  return new AuthorityError('oauth/invalid_request', `Cannot authenticate the client: ${reason}`)
}

const BASIC = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i
export const CLIENT_ID: RegExp = /^[A-Za-z0-9._~-]{1,128}$/
