import { AuthorityError } from '../errors.ts'
import type { Grant } from '../grant.ts'
import { checkResources, type Resources } from '../resources.ts'
import { checkScope } from '../scope.ts'

/** A confidential client asks in its own name (RFC 6749 §4.4). Nothing is stored, so no refresh token comes with it. */
export function clientCredentialsGrant(parts: {
  readonly resources: Resources
  readonly lifetime: number
}): Grant<null> {
  return {
    type: 'client_credentials',
    clients: 'confidential',
    parse: () => null,
    authorize: async (_input, context) => {
      const { client } = context.client
      const own = client.scopes.filter((name) => parts.resources.owners.has(name))
      const scope = checkScope(context.scope.length > 0 ? context.scope : own, own)
      if (scope.length === 0)
        throw new AuthorityError(
          'oauth/invalid_scope',
          'Cannot grant the scope: the client has none of its own',
        )
      return {
        subject: client.id,
        scope,
        resources: checkResources(parts.resources, scope, context.resources),
        person: null,
        session: null,
        login: null,
        rev: context.rev,
        notAfter: context.now + parts.lifetime,
        nonce: null,
        commit: async () => ({ refreshToken: null }),
      }
    },
  }
}
