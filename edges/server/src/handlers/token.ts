import { AuthorityError } from '@jotwarden/authority'
import { jsonAnswer } from '../answer.ts'
import { readForm } from '../read-form.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers the token endpoint (RFC 6749 §3.2). Nothing is read from the query, where credentials would be logged. */
export function tokenHandler({ authority }: ServerContext): Handler {
  return async ({ request, query, network }) => {
    if (query !== '') {
      throw new AuthorityError(
        'oauth/invalid_request',
        'Cannot read the request: its parameters belong into the body',
      )
    }
    const { form } = await readForm(request)
    const authorization = request.headers.get('authorization') ?? undefined
    return jsonAnswer(200, await authority.token({ form, authorization, network }))
  }
}
