import { pageAnswer } from '../answer.ts'
import { indexPage } from '../pages/index-page.ts'
import type { Handler } from '../route.ts'
import type { ServerContext } from '../server-context.ts'

/** Answers what this is, to whoever opens the issuer's own address. */
export function indexHandler({ endpoints, pages }: ServerContext): Handler {
  return ({ request }) =>
    pageAnswer(200, indexPage(endpoints.metadata[0] ?? '', endpoints.sessions, pages.frameFor(request)))
}
