import { jsonAnswer } from '../answer.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'
import { readTokenRequest } from '../token-request.ts'

/** Answers the token endpoint (RFC 6749 §3.2). */
export function tokenHandler({ authority }: ServerContext): Handler {
  return async (exchange) => jsonAnswer(200, await authority.token(await readTokenRequest(exchange)))
}
