import type { Answer } from './answer.ts'

/** Every origin may read, none with cookies: what these endpoints answer hangs on no cookie. */
export const openHeaders: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'WWW-Authenticate, Retry-After, X-Request-Id',
}

/** Answers the question that a browser asks ahead (Fetch §4.8). `methods` are those of the endpoint. */
export function preflightAnswer(methods: readonly string[]): Answer {
  return {
    status: 204,
    body: null,
    headers: {
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': 'Authorization, Content-Type, DPoP',
      'access-control-max-age': '7200',
    },
  }
}
