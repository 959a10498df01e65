import { AuthenticatedClient } from './client-authentication.ts'
import type { ClientStore, GrantType } from './client-store.ts'
import { AuthorityError } from './errors.ts'
import type { ExpiryCover } from './expiry-cover.ts'
import type { Authorization, Grant, GrantContext } from './grant.ts'
import type { Guesses } from './guesses.ts'
import { type IssueContext, issueTokens } from './issue-tokens.ts'
import type { NetworkHash } from './network.ts'
import type { OAuthForm } from './oauth-form.ts'
import type { RevocationLog } from './revocation-log.ts'
import { parseScopeParameter } from './scope.ts'
import type { SecretUses } from './secret-uses.ts'

/** A request to the token endpoint, without HTTP. */
export interface TokenRequest {
  readonly form: OAuthForm
  /** The Authorization header. */
  readonly authorization: string | undefined
  /** The caller's address, as text. */
  readonly network: string | undefined
}

/** The body of a successful answer (RFC 6749 §5.1). */
export interface TokenResponse {
  readonly access_token: string
  readonly token_type: 'Bearer'
  /** Seconds. */
  readonly expires_in: number
  readonly scope?: string
  readonly refresh_token?: string
  readonly id_token?: string
}

export interface PipelineParts extends IssueContext {
  readonly clients: ClientStore
  readonly guesses: Guesses
  readonly uses: SecretUses
  readonly network: NetworkHash
  readonly revocation: RevocationLog
  readonly cover: ExpiryCover
  readonly now: () => number
  readonly grants: readonly Grant<unknown>[]
}

/** The way every token takes: each step once, in this order, for every grant. */
export interface GrantPipeline {
  /** Answers the token endpoint. Throws `oauth/*`. */
  run(request: TokenRequest): Promise<TokenResponse>
  /** Where the revocation log stands, before anything that a token rests on is checked at `now` (seconds since the epoch). */
  readHead(now: number): Promise<number>
  /** Answers a caller in this process, whose client needs no credential. Throws `oauth/*`. */
  runInProcess(
    form: OAuthForm,
    client: AuthenticatedClient,
    network: string | undefined,
  ): Promise<TokenResponse>
  /** The steps after a grant's decision: sign, commit, answer. */
  finish(authorization: Authorization, client: AuthenticatedClient, now: number): Promise<TokenResponse>
}

export function createGrantPipeline(parts: PipelineParts): GrantPipeline {
  const grants = new Map<string, Grant<unknown>>(parts.grants.map((grant) => [grant.type, grant]))

  async function run(request: TokenRequest): Promise<TokenResponse> {
    const now = parts.now()
    const { issuer } = parts.settings
    const { clients, guesses, uses } = parts
    const rev = await readHead(now)
    const client = await AuthenticatedClient.authenticate(request, { issuer, clients, guesses, uses, now })
    const finished = () => authorizeAndFinish(request.form, client, request.network, { now, rev })
    return client.client.type === 'public'
      ? parts.guesses.grant(client.client.id, request.network, finished)
      : finished()
  }

  /**
   * The head, once every `exp` that may come of this request is announced: a mark with a greater number is then kept as
   * long as the token lives, and one with a smaller number is seen by the checks that follow.
   */
  async function readHead(now: number): Promise<number> {
    await parts.cover.until(Math.floor(now) + parts.settings.accessTokenLifetime)
    return (await parts.revocation.head(parts.settings.issuer)).number
  }

  async function authorizeAndFinish(
    form: OAuthForm,
    client: AuthenticatedClient,
    network: string | undefined,
    { now, rev }: { readonly now: number; readonly rev: number },
  ): Promise<TokenResponse> {
    const grant = grantFor(grants, form.one('grant_type'))
    checkMayUse(grant, client)
    const context: GrantContext = {
      client,
      now,
      rev,
      network: parts.network(network),
      scope: parseScopeParameter(form.one('scope')),
      resources: form.many('resource'),
    }
    return finish(await grant.authorize(grant.parse(form), context), client, now)
  }

  async function finish(
    authorization: Authorization,
    client: AuthenticatedClient,
    now: number,
  ): Promise<TokenResponse> {
    if (!AuthenticatedClient.isProof(client))
      throw new AuthorityError('oauth/invalid_client', 'Cannot issue tokens: the client is not authenticated')
    const signed = await issueTokens(authorization, client.client.id, now, parts)
    const { refreshToken } = await authorization.commit(parts.now())
    return {
      access_token: signed.accessToken,
      token_type: 'Bearer',
      expires_in: signed.expiresIn,
      ...(signed.audience.scope.length > 0 ? { scope: signed.audience.scope.join(' ') } : {}),
      ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
      ...(signed.idToken === null ? {} : { id_token: signed.idToken }),
    }
  }

  return {
    run,
    finish,
    readHead,
    async runInProcess(form, client, network) {
      const now = parts.now()
      return authorizeAndFinish(form, client, network, { now, rev: await readHead(now) })
    },
  }
}

function grantFor(grants: ReadonlyMap<string, Grant<unknown>>, type: string | undefined): Grant<unknown> {
  if (type === undefined)
    throw new AuthorityError('oauth/invalid_request', 'Cannot grant the request: grant_type is missing')
  const grant = grants.get(type)
  if (grant !== undefined) return grant
  throw new AuthorityError(
    'oauth/unsupported_grant_type',
    'Cannot grant the request: its grant_type is not supported',
  )
}

function checkMayUse(grant: Grant<unknown>, { client }: AuthenticatedClient): void {
  const registered: readonly GrantType[] = client.grantTypes
  if (registered.includes(grant.type) && (grant.clients === 'any' || client.type === 'confidential')) return
  throw new AuthorityError(
    'oauth/unauthorized_client',
    'Cannot grant the request: the client may not use this grant_type',
  )
}
