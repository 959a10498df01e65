import type { Answer } from './answer.ts'
import type { Exchange } from './exchange.ts'

export type Handler = (exchange: Exchange) => Answer | Promise<Answer>

/** One endpoint: who calls it, and how. */
export interface Route {
  readonly path: string
  readonly GET?: Handler
  readonly POST?: Handler
  /** In what form errors are answered: pages, JSON, or whichever `Accept` asks for. */
  readonly readers: 'people' | 'machines' | 'either'
  /** Whether every origin may call it from a script (RFC 9700 §2.6: never the pages). */
  readonly isOpen?: boolean
  /** The scheme of the challenge that goes with 401. */
  readonly challenge?: 'Basic' | 'Bearer'
  /** Answers without a look at the keys. */
  readonly isKeyless?: boolean
  /** Answers over plain http too, where those who watch the process ask from near by. */
  readonly anyTransport?: boolean
}

/** The methods of a route, for `Allow`. */
export function methodsOf(route: Route): readonly string[] {
  return [
    ...(route.GET === undefined ? [] : ['GET', 'HEAD']),
    ...(route.POST === undefined ? [] : ['POST']),
    ...(route.isOpen ? ['OPTIONS'] : []),
  ]
}
