import { InvalidTokenError, ServerError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import type { OAuthTokenVerifier } from '@modelcontextprotocol/sdk/server/auth/provider.js'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'
import type { AuthContext } from '../auth-context.ts'
import type { Verifier } from '../create-verifier.ts'
import { VerifierError } from '../errors.ts'
import { refusedToken } from '../refused-token.ts'
import { plainOptions, unusable } from './demands.ts'
import {
  authErrors,
  authenticate,
  type ExpressAuthOptions,
  type ExpressMiddleware,
  getAuth,
} from './express.ts'

export { authErrors, serveResourceMetadata } from './express.ts'

/** What the SDK's transports are told of a caller. */
export interface McpOptions {
  /** The identifier of this MCP server (RFC 8707 §2), which the tokens have to name as an audience. */
  readonly resource?: string
}

/**
 * The token verifier that `requireBearerAuth` of the MCP SDK takes. A token that is bound to a key is refused: the SDK
 * hands the token over without its request. Errors are those that the SDK knows: `InvalidTokenError` for a token that is
 * not accepted, `ServerError` while nothing can be said of it. With {@link authenticateMcp} refusals also say 503 and
 * tell missing tokens from bad ones.
 */
export function toMcpTokenVerifier(verifier: Verifier, options: McpOptions = {}): OAuthTokenVerifier {
  checkResource(options)
  return {
    async verifyAccessToken(token: string): Promise<AuthInfo> {
      try {
        const auth = await verifier.verify(token)
        refuseForeign(auth, options)
        return authInfoOf(auth, options)
      } catch (cause) {
        if (!(cause instanceof VerifierError)) throw cause
        if (cause.code === 'verifier/invalid-token')
          throw new InvalidTokenError('The access token is expired, revoked or not valid here')
        throw new ServerError('Nothing can be said of the access token at the moment')
      }
    },
  }
}

/**
 * Middleware for Express in place of `requireBearerAuth`: demands, DPoP and challenges as in every other adapter; sets
 * `req.auth` to what the SDK's transports hand to tools. Throws `verifier/options` at once for options that cannot work.
 */
export function authenticateMcp(
  verifier: Verifier,
  given: ExpressAuthOptions & McpOptions = {},
): ExpressMiddleware {
  const { resource, ...options } = plainOptions(given)
  const guard = authenticate(verifier, { ...options, optional: false })
  const told: McpOptions = resource === undefined ? {} : { resource }
  checkResource(told)
  return (request, response, next) => {
    guard(request, response, (error) => {
      if (error !== undefined) return next(error)
      const auth = getAuth(request)
      try {
        refuseForeign(auth, told)
      } catch (refusal) {
        return answerErrors(refusal, request, response, next)
      }
      Object.assign(request, { auth: authInfoOf(auth, told) })
      next()
    })
  }
}

/**
 * A caller as the MCP SDK describes it. The token is there and not enumerable; `extra.auth` is the context itself.
 * `resource` is the one asked for if the token names it, or the only URL among its audiences.
 */
export function authInfoOf(auth: AuthContext, { resource }: McpOptions = {}): AuthInfo {
  const { token, clientId, expiresAt } = auth
  const named =
    resource === undefined ? soleUrl(auth.audience) : auth.audience.find((one) => one === resource)
  contexts.add(auth)
  const info = {
    token,
    clientId,
    scopes: [...auth.scopes],
    expiresAt,
    ...(named === undefined ? {} : { resource: new URL(named) }),
    extra: { auth },
  }
  return Object.defineProperty(info, 'token', { value: token, enumerable: false })
}

/** The context of a caller whom a tool was told of. Throws `verifier/no-credentials` where there is none. */
export function contextOf(info: AuthInfo | undefined): AuthContext {
  const auth = info?.extra?.auth
  if (typeof auth === 'object' && auth !== null && contexts.has(auth)) return auth as AuthContext
  throw new VerifierError(
    'verifier/no-credentials',
    'Cannot tell who calls: no verifier of ours has let them pass',
  )
}

/** Other resources of the same verifier are other audiences. Throws `verifier/invalid-token`. */
function refuseForeign({ audience }: AuthContext, { resource }: McpOptions): void {
  if (resource !== undefined && !audience.includes(resource))
    throw refusedToken('wrong-audience', 'it does not name this resource')
}

/** The SDK knows resources by their URLs. Throws `verifier/options`. */
function checkResource({ resource }: McpOptions): void {
  if (resource !== undefined && !(typeof resource === 'string' && URL.canParse(resource)))
    throw unusable('resource', 'is no URL, such as https://api.example/mcp')
}

function soleUrl(audience: readonly string[]): string | undefined {
  const [first, ...others] = audience.filter((one) => URL.canParse(one))
  return others.length === 0 ? first : undefined
}

const answerErrors = authErrors()

/** Contexts that came from here: what else may stand in `extra` is nobody's. */
const contexts = new WeakSet<object>()
