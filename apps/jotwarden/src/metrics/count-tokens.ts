import { type Authority, AuthorityError, type TokenRequest } from '@jotwarden/authority'
import type { Registry } from './registry.ts'

/** The same authority, whose token endpoint is counted. */
export function countTokens(authority: Authority, registry: Registry): Authority {
  return {
    ...authority,
    async token(request) {
      const grant = grantOf(request)
      try {
        const answer = await authority.token(request)
        registry.add('jotwarden_token_requests_total', [grant, 'issued'])
        registry.add('jotwarden_tokens_issued_total', [grant, 'access'])
        if (answer.refresh_token !== undefined)
          registry.add('jotwarden_tokens_issued_total', [grant, 'refresh'])
        if (answer.id_token !== undefined) registry.add('jotwarden_tokens_issued_total', [grant, 'id'])
        return answer
      } catch (error) {
        registry.add('jotwarden_token_requests_total', [grant, outcomeOf(error)])
        throw error
      }
    },
  }
}

function grantOf({ form }: TokenRequest): string {
  const type = form.one('grant_type')
  return type !== undefined && GRANTS.has(type) ? type : 'other'
}

/** The word of the standard, without the package before it. */
function outcomeOf(error: unknown): string {
  return error instanceof AuthorityError ? error.code.slice(error.code.indexOf('/') + 1) : 'server_error'
}

const GRANTS: ReadonlySet<string> = new Set(['authorization_code', 'refresh_token', 'client_credentials'])
