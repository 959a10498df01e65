import { equal } from 'node:assert/strict'
import { claimsOf } from './claim.ts'
import type { Driver, Runner } from './driver.ts'
import { consentsOfOnePerson } from './of-one-person.ts'
import { race } from './race.ts'
import { same } from './same.ts'
import { ISSUER, sampleConsent, sampleEvent } from './samples.ts'

/** What `ConsentStore` promises. */
export function consentStoreSuite(driver: Driver, runner: Runner): void {
  const claim = claimsOf('ConsentStore', driver, runner)

  claim('find gives what the subject allowed the client, in the act that recorded it', async (stores) => {
    const consent = sampleConsent({ scopes: ['openid', 'profile'] })
    await stores.consents.give(ISSUER, consent, 0, [sampleEvent({ type: 'consent-given', client: 'ledger' })])
    same(await stores.consents.find(ISSUER, consent.subject, consent.client), consent)
    equal(await stores.consents.find(ISSUER, consent.subject, 'other'), undefined)
    equal(await stores.consents.find(ISSUER, 'usr_other', consent.client), undefined)
    equal((await stores.events.list(ISSUER, { after: 0, limit: 9 }))[0]?.type, 'consent-given')
  })

  claim('a later call widens the consent and never narrows it', async ({ consents }) => {
    const { subject, client } = sampleConsent()
    for (const scopes of [['openid', 'profile'], ['email'], ['openid'], []])
      await consents.give(ISSUER, sampleConsent({ scopes }), 0, [])
    same((await consents.find(ISSUER, subject, client))?.scopes.toSorted(), ['email', 'openid', 'profile'])
  })

  claim('30 concurrent calls leave the union of their scopes, each once', async ({ consents }) => {
    const { subject, client } = sampleConsent()
    await race(30, (caller) =>
      consents.give(ISSUER, sampleConsent({ scopes: ['openid', `scope-${caller}`] }), 0, []),
    )
    const expected = ['openid', ...Array.from({ length: 30 }, (_, caller) => `scope-${caller}`)]
    same((await consents.find(ISSUER, subject, client))?.scopes.toSorted(), expected.toSorted())
  })

  claim('consents of one subject to several clients stay apart', async ({ consents }) => {
    const { subject } = sampleConsent()
    await consents.give(ISSUER, sampleConsent({ client: 'one', scopes: ['a'] }), 0, [])
    await consents.give(ISSUER, sampleConsent({ client: 'two', scopes: ['b'] }), 0, [])
    same((await consents.find(ISSUER, subject, 'one'))?.scopes, ['a'])
    same((await consents.find(ISSUER, subject, 'two'))?.scopes, ['b'])
  })

  consentsOfOnePerson(claim)
}
