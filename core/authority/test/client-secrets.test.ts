import { describe, expect, test } from 'vitest'
import { API, basic, form, ISSUER, outcome, refresh, signedIn, type World, world } from './world.ts'

describe('rotateSecret()', () => {
  test('leaves both secrets good until the date, and from then on the new one alone', async () => {
    const made = await world()
    const { secret } = await made.authority.clients.rotateSecret('service', { overlap: 600 })
    const both = () => Promise.all([made.service.secret, secret.revealText()].map((text) => asks(made, text)))
    expect(await both()).toEqual(['accepted', 'accepted'])
    made.time.now += 599.9
    expect(await both()).toEqual(['accepted', 'accepted'])
    made.time.now += 0.1
    expect(await both()).toEqual(['oauth/invalid_client', 'accepted'])
  })

  test('answers an ended secret like a wrong one, and tells the operator that it was the ended one', async () => {
    const made = await world()
    await made.authority.clients.rotateSecret('service', { overlap: 0 })
    const refusals = await Promise.all(
      [made.service.secret, 'jwc_wrong'].map((text) =>
        token(made, text).catch((error: Error) => error.message),
      ),
    )
    expect(refusals[0]).toBe(refusals[1])
    expect((await refused(made)).toSorted()).toEqual(['ended-secret', 'wrong-credentials'])
  })

  test('refuses a third valid secret, and replaces both at once when told to', async () => {
    const made = await world()
    const { clients } = made.authority
    const second = await clients.rotateSecret('service', { overlap: 600 })
    await expect(clients.rotateSecret('service', { overlap: 600 })).rejects.toMatchObject({
      code: 'authority/secret-overlap',
    })
    const third = await clients.rotateSecret('service', { overlap: 0 })
    const texts = [made.service.secret, second.secret.revealText(), third.secret.revealText()]
    expect(await Promise.all(texts.map((text) => asks(made, text)))).toEqual([
      'oauth/invalid_client',
      'oauth/invalid_client',
      'accepted',
    ])
  })

  test('of two callers at once exactly one gets a secret, whatever each wants of the old one', async () => {
    for (const overlaps of [
      [600, 600],
      [0, 0],
      [0, 600],
      [600, 0],
    ]) {
      const made = await world()
      const settled = await Promise.allSettled(
        overlaps.map((overlap) => made.authority.clients.rotateSecret('service', { overlap })),
      )
      const won = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      const lost = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []))
      expect([won.length, lost]).toEqual([1, ['authority/secret-conflict']])
      expect(await asks(made, won[0]?.secret.revealText() ?? '')).toBe('accepted')
      const events = await made.stores.events.list(ISSUER, { after: 0, limit: 100 })
      expect(events.filter(({ type }) => type === 'client-secret-rotated')).toHaveLength(1)
    }
  })

  test('that ends grants ends sessions and what was issued, and nothing of another client', async () => {
    const made = await world()
    const others = await signedIn(made)
    const { clients } = made.authority
    const before = await token(made, made.service.secret)
    const reader = await clients.add({ name: 'API', type: 'confidential', resource: API })
    const live = async (held: string) => {
      const request = { form: form({ token: held }), network: undefined }
      const authorization = basic(reader.client.id, reader.secret?.revealText() ?? '')
      return (await made.authority.revocation.introspect({ ...request, authorization })).active
    }
    expect(await live(before.access_token)).toBe(true)
    const { secret } = await clients.rotateSecret('service', { overlap: 0, endsGrants: true })
    expect(await live(before.access_token)).toBe(false)
    expect(await live(others.access_token)).toBe(true)
    expect(await outcome(refresh(made, others.refresh_token))).toBe('accepted')
    expect(await live((await token(made, secret.revealText())).access_token)).toBe(true)
    const events = await made.stores.events.list(ISSUER, { after: 0, limit: 100 })
    expect(events.slice(-5).map(({ type, client, cause }) => [type, client, cause])).toContainEqual([
      'client-revoked',
      'service',
      'secret-replaced',
    ])
  })

  test('refuses a public client and an unknown one', async () => {
    const { clients } = (await world()).authority
    expect(await outcome(clients.rotateSecret('app', { overlap: 0 }))).toBe('authority/client-invalid')
    expect(await outcome(clients.rotateSecret('nobody', { overlap: 0 }))).toBe('authority/client-unknown')
  })
})

describe('endSecret()', () => {
  test('ends one of two, says when it had ended before, and keeps the last', async () => {
    const made = await world()
    const { clients } = made.authority
    const { client, secret } = await clients.rotateSecret('service', { overlap: 600 })
    const [fresh, old] = client.secrets.map(({ id }) => id)
    expect(await clients.endSecret('service', old ?? '')).toBe('ended')
    expect(await clients.endSecret('service', old ?? '')).toBe('already')
    expect(await outcome(clients.endSecret('service', fresh ?? ''))).toBe('authority/secret-last')
    expect(await outcome(clients.endSecret('service', 'none'))).toBe('authority/secret-unknown')
    expect(await asks(made, made.service.secret)).toBe('oauth/invalid_client')
    expect(await asks(made, secret.revealText())).toBe('accepted')
  })
})

describe('the last use of a secret', () => {
  test('is kept once an hour for each secret, and wrong ones leave none', async () => {
    const made = await world()
    const began = made.time.now
    const { secret } = await made.authority.clients.rotateSecret('service', { overlap: 7 * 86_400 })
    const uses = async () =>
      (await made.authority.clients.find('service'))?.secrets.map(({ usedAt }) =>
        usedAt === null ? null : usedAt - began,
      )
    expect(await asks(made, 'jwc_wrong')).toBe('oauth/invalid_client')
    expect(await uses()).toEqual([null, null])
    await asks(made, made.service.secret)
    await expect.poll(uses).toEqual([null, 0])
    const version = made.stores.dataVersion()
    made.time.now += 1800
    await asks(made, made.service.secret)
    await asks(made, secret.revealText())
    await expect.poll(uses).toEqual([1800, 0])
    made.time.now += 1801
    await asks(made, made.service.secret)
    await expect.poll(uses).toEqual([1800, 3601])
    expect(made.stores.dataVersion()).toBeGreaterThan(version)
  })

  test('refuses nobody when it cannot be kept, and is tried again a minute later', async () => {
    const made = await world()
    const { clients } = made.stores
    const note = clients.noteSecretUse
    let tried = 0
    clients.noteSecretUse = async () => {
      tried += 1
      throw new Error('The disk is full')
    }
    for (let asked = 0; asked < 5; asked += 1) expect(await asks(made, made.service.secret)).toBe('accepted')
    expect(tried).toBe(1)
    clients.noteSecretUse = note
    made.time.now += 60
    await asks(made, made.service.secret)
    await expect
      .poll(async () => (await clients.find(ISSUER, 'service'))?.secrets[0]?.usedAt)
      .toBe(made.time.now)
  })
})

function token({ authority }: World, secret: string) {
  const values = { grant_type: 'client_credentials', scope: 'orders:read' }
  return authority.token({
    form: form(values),
    authorization: basic('service', secret),
    network: '192.0.2.7',
  })
}

function asks(made: World, secret: string): Promise<string> {
  return outcome(token(made, secret))
}

/** The causes of refused clients, in the order of their first refusal. */
async function refused({ stores }: World): Promise<readonly (string | undefined)[]> {
  const events = await stores.events.list(ISSUER, { after: 0, limit: 100 })
  return events.filter(({ type }) => type === 'client-refused').map(({ cause }) => cause)
}
