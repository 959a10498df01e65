import { AuthorityError, parseOAuthForm } from '@jotwarden/authority'
import { type Answer, jsonAnswer } from '../answer.ts'
import { bearerToken } from '../bearer.ts'
import { readForm } from '../read-form.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers OpenID Connect Core §5.3: the token in the Authorization header, or in the form of a POST, never in the query. */
export function userinfoHandlers({ authority, endpoints }: ServerContext): {
  readonly GET: Handler
  readonly POST: Handler
} {
  const answerFor = async (token: string | undefined): Promise<Answer> =>
    token === undefined ? askForToken(endpoints.issuer) : jsonAnswer(200, await authority.userinfo(token))
  const inHeader = (request: Request, query: string): string | undefined => {
    if (parseOAuthForm(query).one('access_token') !== undefined)
      throw refusal('a token does not belong into the query')
    return bearerToken(request.headers.get('authorization'))
  }
  return {
    GET: ({ request, query }) => answerFor(inHeader(request, query)),
    async POST({ request, query }) {
      const fromHeader = inHeader(request, query)
      const fromBody = await tokenInBody(request)
      if (fromHeader !== undefined && fromBody !== undefined) throw refusal('it carries a token in two ways')
      return answerFor(fromHeader ?? fromBody)
    },
  }
}

/** A POST may come without any body, and then needs no content type. */
async function tokenInBody(request: Request): Promise<string | undefined> {
  if (request.headers.get('content-type') === null) return undefined
  return (await readForm(request)).form.one('access_token')
}

/** RFC 6750 §3.1: without credentials, no error code. */
function askForToken(issuer: string): Answer {
  return { status: 401, body: null, headers: { 'www-authenticate': `Bearer realm="${issuer}"` } }
}

function refusal(reason: string): AuthorityError {
  return new AuthorityError('oauth/invalid_request', `Cannot read the request: ${reason}`)
}
