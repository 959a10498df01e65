import { request } from 'node:http'
import type { Verifier } from '@jotwarden/verifier'
import type { AuthOptions } from '@jotwarden/verifier/fetch'
import { describe, expect, onTestFinished, test } from 'vitest'
import { LoopbackIssuer, testKey } from '../loopback-issuer.ts'

/** What every adapter is given to guard. Its handlers answer `{ subject }`, null for nobody. */
export const routes = {
  any: {},
  read: { scopes: ['read'], realm: 'orders' },
  admin: { scopes: ['read', 'admin'] },
  either: { anyScope: ['admin', 'read'] },
  neither: { anyScope: ['admin', 'owner'] },
  gold: { acrValues: ['urn:gold'], maxAge: 300 },
  optional: { optional: true },
  described: { resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource' },
  /** Sets the header `x-partial`, then asks for the scope `admin` itself. */
  inside: {},
  /** Throws a TypeError. */
  broken: {},
} as const satisfies Record<string, AuthOptions>

export type RouteName = keyof typeof routes

/** The real framework, listening. */
export interface Served {
  readonly origin: string
  stop(): Promise<unknown>
  /** How a route is asked for; `GET /any` and so on when left out. */
  ask?(route: RouteName): { readonly method: string; readonly path: string; readonly body?: string }
  /** Where an error of the handler ends as something else than 500. */
  readonly brokenStatus?: number
}

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

type Line = readonly [name: string, value: string]

/** Sends field lines as they are, also twice. */
export function send(
  url: string,
  { method = 'GET', lines = [], body }: { method?: string; lines?: readonly Line[]; body?: string },
): Promise<Answer> {
  const { host } = new URL(url)
  const sent: Line[] = [['host', host], ...lines]
  if (body !== undefined)
    sent.push(['content-type', 'application/json'], ['content-length', String(body.length)])
  return new Promise((resolve, reject) => {
    const asking = request(url, { method, headers: sent.flat() as never, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      )
      response.on('error', reject)
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

interface Scenario {
  readonly name: string
  readonly route: RouteName
  readonly lines?: (issuer: LoopbackIssuer) => readonly Line[] | Promise<readonly Line[]>
  readonly query?: string
  readonly status: number
  readonly challenge?: string
  readonly subject?: string | null
}

const badToken =
  'Bearer error="invalid_token", error_description="The access token is expired, revoked or not valid here"'
const badRequest =
  'Bearer error="invalid_request", error_description="Send one access token, in one Authorization header"'
const tooLittle = 'Bearer error="insufficient_scope", error_description="The access token grants too little"'
const tooWeak =
  'Bearer error="insufficient_user_authentication", error_description="A stronger or more recent authentication is required", acr_values="urn:gold", max_age="300"'

const bearer = (token: string): Line => ['authorization', `Bearer ${token}`]
const good = async (issuer: LoopbackIssuer): Promise<readonly Line[]> => [bearer(await issuer.mint())]
const signedIn =
  (acr: string, ago: number) =>
  async (issuer: LoopbackIssuer): Promise<readonly Line[]> => [
    bearer(await issuer.mint({ acr, auth_time: issuer.clock.now() - ago })),
  ]

const scenarios: readonly Scenario[] = [
  { name: 'nothing sent', route: 'any', status: 401, challenge: 'Bearer' },
  {
    name: 'nothing sent to a route that names its scopes and realm',
    route: 'read',
    status: 401,
    challenge: 'Bearer realm="orders", scope="read"',
  },
  {
    name: 'nothing sent to a route of either scope',
    route: 'either',
    status: 401,
    challenge: 'Bearer scope="admin"',
  },
  {
    name: 'nothing sent to a route whose resource is described',
    route: 'described',
    status: 401,
    challenge: `Bearer resource_metadata="${routes.described.resourceMetadata}"`,
  },
  { name: 'a good token', route: 'any', lines: good, status: 200, subject: 'user-1' },
  { name: 'a good token with its scope', route: 'read', lines: good, status: 200, subject: 'user-1' },
  {
    name: 'a good token with one of two scopes',
    route: 'either',
    lines: good,
    status: 200,
    subject: 'user-1',
  },
  {
    name: 'a token of a key that the issuer does not have',
    route: 'any',
    lines: async (issuer) => [bearer(await issuer.mint({}, testKey().signer))],
    status: 401,
    challenge: badToken,
  },
  {
    name: 'something that is no token',
    route: 'any',
    lines: () => [bearer('x.y.z')],
    status: 401,
    challenge: badToken,
  },
  {
    name: 'an expired token',
    route: 'any',
    lines: async (issuer) => {
      const now = issuer.clock.now()
      return [bearer(await issuer.mint({ iat: now - 700, exp: now - 100 }))]
    },
    status: 401,
    challenge: badToken,
  },
  {
    name: 'a token for somebody else',
    route: 'any',
    lines: async (issuer) => [bearer(await issuer.mint({ aud: 'https://other.example' }))],
    status: 401,
    challenge: badToken,
  },
  {
    name: 'a token bound to a key, as a bearer token',
    route: 'any',
    lines: async (issuer) => [
      bearer(await issuer.mint({ cnf: { jkt: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs' } })),
    ],
    status: 401,
    challenge: badToken,
  },
  {
    name: 'another scheme',
    route: 'any',
    lines: () => [['authorization', 'Basic eDp5']],
    status: 401,
    challenge: 'Bearer',
  },
  {
    name: 'too few scopes',
    route: 'admin',
    lines: good,
    status: 403,
    challenge: `${tooLittle}, scope="read admin"`,
  },
  {
    name: 'neither scope',
    route: 'neither',
    lines: good,
    status: 403,
    challenge: `${tooLittle}, scope="admin"`,
  },
  {
    name: 'too few scopes, found by the handler itself',
    route: 'inside',
    lines: good,
    status: 403,
    challenge: `${tooLittle}, scope="admin"`,
  },
  {
    name: 'a sign-in as it has to be',
    route: 'gold',
    lines: signedIn('urn:gold', 329),
    status: 200,
    subject: 'user-1',
  },
  {
    name: 'a sign-in too weak',
    route: 'gold',
    lines: signedIn('urn:tin', 10),
    status: 401,
    challenge: tooWeak,
  },
  {
    name: 'a sign-in too long ago',
    route: 'gold',
    lines: signedIn('urn:gold', 331),
    status: 401,
    challenge: tooWeak,
  },
  {
    name: 'a sign-in in the future',
    route: 'gold',
    lines: signedIn('urn:gold', -120),
    status: 401,
    challenge: badToken,
  },
  {
    name: 'a sign-in of which nothing is known',
    route: 'gold',
    lines: good,
    status: 401,
    challenge: tooWeak,
  },
  { name: 'nobody on an optional route', route: 'optional', status: 200, subject: null },
  { name: 'somebody on an optional route', route: 'optional', lines: good, status: 200, subject: 'user-1' },
  {
    name: 'a bad token on an optional route',
    route: 'optional',
    lines: () => [bearer('x.y.z')],
    status: 401,
    challenge: badToken,
  },
  {
    name: 'two good Authorization headers',
    route: 'any',
    lines: async (issuer) => [...(await good(issuer)), ...(await good(issuer))],
    status: 400,
    challenge: badRequest,
  },
  {
    name: 'a good Authorization header before another',
    route: 'optional',
    lines: async (issuer) => [...(await good(issuer)), ['authorization', 'Basic eDp5']],
    status: 400,
    challenge: badRequest,
  },
  {
    name: 'a token in the query beside a good one',
    route: 'any',
    lines: good,
    query: 'access_token=x',
    status: 400,
    challenge: badRequest,
  },
]

/** Runs the table of scenarios against a framework: all of them answer alike. */
export function describeAdapter(
  name: string,
  serve: (verifier: Verifier, issuer: LoopbackIssuer) => Promise<Served>,
  without: readonly string[] = [],
): void {
  describe(`${name} answers`, () => {
    for (const scenario of scenarios.filter((one) => !without.includes(one.name)))
      test(scenario.name, async () => {
        const { issuer, ask } = await started(serve)
        const answer = await ask(scenario.route, (await scenario.lines?.(issuer)) ?? [], scenario.query)
        expect(challengeIn(answer)).toEqual({ status: scenario.status, challenge: scenario.challenge })
        if (scenario.subject !== undefined)
          expect(JSON.parse(answer.body)).toMatchObject(subjectShape(answer.body, scenario.subject))
        else expect(answer.headers['cache-control']).toBe('no-store')
        expect(answer.headers['x-partial']).toBeUndefined()
      })

    test('503 with Retry-After while the keys cannot be had', async () => {
      const { issuer, ask } = await started(serve)
      const lines = await good(issuer)
      await issuer.stop()
      const answer = await ask('any', lines)
      expect(challengeIn(answer)).toEqual({ status: 503, challenge: undefined })
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    })

    test('an error of the handler as its own', async () => {
      const { issuer, ask, served } = await started(serve)
      const answer = await ask('broken', await good(issuer))
      expect(challengeIn(answer)).toEqual({ status: served.brokenStatus ?? 500, challenge: undefined })
    })
  })
}

async function started(serve: (verifier: Verifier, issuer: LoopbackIssuer) => Promise<Served>): Promise<{
  issuer: LoopbackIssuer
  served: Served
  ask: (route: RouteName, lines: readonly Line[], query?: string) => Promise<Answer>
}> {
  const issuer = await LoopbackIssuer.start()
  const served = await serve(issuer.verifier(), issuer)
  onTestFinished(async () => void (await served.stop()))
  const ask = (route: RouteName, lines: readonly Line[], query?: string): Promise<Answer> => {
    const { path, ...rest } = served.ask?.(route) ?? { method: 'GET', path: `/${route}` }
    const mark = path.includes('?') ? '&' : '?'
    return send(`${served.origin}${path}${query === undefined ? '' : mark + query}`, { ...rest, lines })
  }
  return { issuer, served, ask }
}

function challengeIn({ status, headers }: Answer): { status: number; challenge: unknown } {
  return { status, challenge: headers['www-authenticate'] }
}

// The subject stands at whatever depth the framework wraps its results
function subjectShape(body: string, subject: string | null): object {
  expect(body).toContain(`"subject":${JSON.stringify(subject)}`)
  return {}
}
