import { AuthorityError, type TokenRequest } from '@jotwarden/authority'
import type { Exchange } from './exchange.ts'
import { readForm } from './read-form.ts'

/**
 * What a client sends to the token endpoint and to its siblings: a form, and perhaps an Authorization header. Nothing is
 * read from the query, where credentials would be logged. Throws what `readForm` throws, and `oauth/invalid_request`.
 */
export async function readTokenRequest({ request, query, network }: Exchange): Promise<TokenRequest> {
  if (query !== '') {
    throw new AuthorityError(
      'oauth/invalid_request',
      'Cannot read the request: its parameters belong into the body',
    )
  }
  const { form } = await readForm(request)
  return { form, authorization: request.headers.get('authorization') ?? undefined, network }
}
