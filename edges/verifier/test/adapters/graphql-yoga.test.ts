import type { AuthContext, Verifier } from '@jotwarden/verifier'
import { useAuth, useResourceMetadata } from '@jotwarden/verifier/graphql-yoga'
import { protectedResourceMetadata } from '@jotwarden/verifier/resource-metadata'
import { createSchema, createYoga } from 'graphql-yoga'
import { describe, expect, test } from 'vitest'
import { LoopbackIssuer } from '../loopback-issuer.ts'
import { listening } from './listening.ts'
import { describeAdapter, type RouteName, routes, type Served, send } from './scenarios.ts'

const schema = createSchema<{ auth: AuthContext | undefined }>({
  typeDefs: 'type Query { subject: String, inside: String!, broken: String! }',
  resolvers: {
    Query: {
      subject: (_parent, _arguments, { auth }) => auth?.subject ?? null,
      inside: (_parent, _arguments, { auth }) => {
        auth?.require('admin')
        return 'inside'
      },
      broken: () => {
        throw new TypeError('a mistake of the route')
      },
    },
  },
})

async function serve(verifier: Verifier): Promise<Served> {
  const yogas = Object.entries(routes).map(([name, options]) =>
    createYoga({
      schema,
      graphqlEndpoint: `/${name}`,
      logging: false,
      plugins: [useAuth(verifier, options)],
    }),
  )
  const served = await listening((request, response) => {
    const path = new URL(request.url ?? '/', 'http://a').pathname
    const yoga = yogas.find(({ graphqlEndpoint }) => graphqlEndpoint === path)
    if (yoga === undefined) response.writeHead(404).end()
    else void yoga(request, response)
  })
  const ask = (route: RouteName): ReturnType<NonNullable<Served['ask']>> => ({
    method: 'POST',
    path: `/${route}`,
    body: JSON.stringify({ query: `{ ${route === 'inside' || route === 'broken' ? route : 'subject'} }` }),
  })
  return { ...served, ask, brokenStatus: 200 }
}

describeAdapter('useAuth() for GraphQL Yoga', serve)

describe('GraphQL Yoga', () => {
  test('a resolver that asks for more gives an error of GraphQL with the code and the challenge', async () => {
    const issuer = await LoopbackIssuer.start()
    const yoga = createYoga({ schema, plugins: [useAuth(issuer.verifier())], logging: false })
    const response = await yoga.fetch('https://api.example/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.mint()}` },
      body: JSON.stringify({ query: '{ inside }' }),
    })
    expect(response.status).toBe(403)
    expect(response.headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    const { errors } = await response.json()
    expect(errors).toEqual([
      {
        message: 'Not authorized',
        path: ['inside'],
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'FORBIDDEN' },
      },
    ])
  })

  test('the schema is not open: neither by GET nor by POST, nor in a batch', async () => {
    const issuer = await LoopbackIssuer.start()
    const yoga = createYoga({ schema, batching: true, plugins: [useAuth(issuer.verifier())] })
    const { origin } = await listening(yoga)
    const query = '{__schema{types{name}}}'
    expect((await fetch(`${origin}/graphql?query=${query}`)).status).toBe(401)
    for (const sent of [{ query }, [{ query }]])
      expect((await send(`${origin}/graphql`, { method: 'POST', body: JSON.stringify(sent) })).status).toBe(
        401,
      )
  })

  test('the metadata of the resource is open where its plugin stands first', async () => {
    const issuer = await LoopbackIssuer.start()
    const metadata = protectedResourceMetadata({
      resource: 'https://api.example/graphql',
      authorizationServers: ['https://issuer.example'],
    })
    const plugins = [
      useResourceMetadata(metadata),
      useAuth(issuer.verifier(), { resourceMetadata: metadata }),
    ]
    const yoga = createYoga({ schema, plugins })
    const { origin } = await listening(yoga)
    const { status, body } = await send(origin + metadata.path, {})
    expect([status, JSON.parse(body)]).toEqual([200, metadata.document])
    const refused = await send(`${origin}/graphql`, {})
    expect(refused.headers['www-authenticate']).toBe(`Bearer resource_metadata="${metadata.url}"`)
  })
})
