import { jsonAnswer } from '../answer.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'
import { readTokenRequest } from '../token-request.ts'

/** Answers the introspection endpoint (RFC 7662 §2.2). */
export function introspectHandler({ authority }: ServerContext): Handler {
  return async (exchange) =>
    jsonAnswer(200, await authority.revocation.introspect(await readTokenRequest(exchange)))
}
