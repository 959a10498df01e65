import { defineSettings } from '@jotwarden/authority'
import { expect, test } from 'vitest'
import { world as openWorld, type World } from './world.ts'

test('prepare() changes nothing until it is put in force, and then every request that begins sees all of it', async () => {
  const world = await serviceWorld()
  const putInForce = world.server.prepare({ authority: shorter(world), jwksMaxAge: 60 })
  expect(await answers(world)).toEqual({ lifetime: 600, scopes: true, jwks: 'public, max-age=300' })
  putInForce()
  expect(await answers(world)).toEqual({ lifetime: 120, scopes: false, jwks: 'public, max-age=60' })
})

test('a request under way when settings change ends as it began', async () => {
  const world = await serviceWorld()
  const putInForce = world.server.prepare({ authority: shorter(world) })
  const body = new TransformStream<Uint8Array, Uint8Array>()
  const asked = tokenFor(world, { body: body.readable, duplex: 'half' })
  putInForce()
  const writer = body.writable.getWriter()
  await writer.write(new TextEncoder().encode(FORM))
  await writer.close()
  expect(await (await asked).json()).toMatchObject({ expires_in: 600 })
  expect(await (await tokenFor(world, { body: FORM })).json()).toMatchObject({ expires_in: 120 })
})

test('prepare() refuses a proxy that is none and the authority of another issuer, and nothing changes', async () => {
  const world = await serviceWorld()
  const other = await openWorld('https://other.example.com')
  const authority = shorter(world)
  expect(() => world.server.prepare({ authority, trustedProxies: ['nowhere'] })).toThrow('trustedProxies')
  expect(() => world.server.prepare({ authority: other.authority })).toThrow('another issuer')
  expect(() => world.authority.withSettings(other.authority.settings)).toThrow('another issuer')
  expect(await answers(world)).toMatchObject({ lifetime: 600 })
})

async function serviceWorld(): Promise<World> {
  const world = await openWorld()
  const { secret } = await world.authority.clients.add({
    id: 'service',
    name: 'Service',
    type: 'confidential',
    grantTypes: ['client_credentials'],
    scopes: ['notes:read'],
  })
  const authorization = `Basic ${Buffer.from(`service:${secret?.revealText()}`).toString('base64')}`
  return { ...world, basic: () => ({ authorization }) }
}

function shorter({ issuer, authority }: World) {
  return authority.withSettings(
    defineSettings({
      issuer,
      accessTokenLifetime: 120,
      resources: [
        { identifier: 'https://notes.example.com', name: 'Notes', scopes: { 'notes:read': 'Read' } },
      ],
    }),
  )
}

async function answers(world: World) {
  const metadata = await (await world.ask('/.well-known/openid-configuration')).json()
  const jwks = await world.ask('/jwks.json')
  const { expires_in: lifetime } = await (await tokenFor(world, { body: FORM })).json()
  return {
    lifetime,
    scopes: metadata.scopes_supported.includes('mail:read'),
    jwks: jwks.headers.get('cache-control'),
  }
}

function tokenFor(world: World, init: RequestInit & { readonly duplex?: 'half' }): Promise<Response> {
  return world.ask('/token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...world.basic('shop') },
    ...init,
  })
}

const FORM = 'grant_type=client_credentials'
