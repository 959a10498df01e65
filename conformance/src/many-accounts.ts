import { equal } from 'node:assert/strict'
import { NOTHING } from '@jotwarden/authority'
import type { Claim } from './claim.ts'
import { tally } from './race.ts'
import { same } from './same.ts'
import { ISSUER, sampleAccount, sampleEvent, T0 } from './samples.ts'

/** What `AccountRecords` promises of accounts that come many at a time, with hashes of another system. */
export function manyAccounts(claim: Claim): void {
  claim('addAll adds all with their events, or none of them and says who is in the way', async (stores) => {
    const { accounts, events } = stores
    const [ada, mary, zoe] = [sampleAccount(), sampleAccount(), sampleAccount()]
    const added = [sampleEvent({ type: 'account-added', subject: ada.subject })]
    same(await accounts.addAll(ISSUER, [ada, mary], added), { outcome: 'added' })
    const [sameName, sameSubject] = [
      sampleAccount({ username: ada.username }),
      sampleAccount({ subject: mary.subject }),
    ]
    same(await accounts.addAll(ISSUER, [zoe, sameName, sameSubject], added), {
      outcome: 'exists',
      taken: [sameName, sameSubject],
    })
    const twin = sampleAccount({ username: zoe.username })
    same(await accounts.addAll(ISSUER, [zoe, twin], added), { outcome: 'exists', taken: [twin] })
    const usernames = (await accounts.list(ISSUER)).map(({ username }) => username)
    same(usernames, [ada.username, mary.username].toSorted())
    equal(await events.last(ISSUER), 1)
  })

  claim(
    'of 10 concurrent addAll that share one username exactly one adds, and adds all',
    async ({ accounts }) => {
      const { username } = sampleAccount()
      const batches = Array.from({ length: 10 }, () => [sampleAccount(), sampleAccount({ username })])
      const answers = await Promise.all(batches.map((batch) => accounts.addAll(ISSUER, batch, [])))
      same(tally(answers.map(({ outcome }) => outcome)), { added: 1, exists: 9 })
      const winner = batches[answers.findIndex(({ outcome }) => outcome === 'added')] ?? []
      const kept = await accounts.list(ISSUER)
      same(
        kept,
        [...winner].toSorted((a, b) => (a.username < b.username ? -1 : 1)),
      )
    },
  )

  claim(
    'costliestImported gives the imported hash with the most work until it is made anew',
    async (stores) => {
      const { accounts } = stores
      equal(await accounts.costliestImported(ISSUER), undefined)
      const work = { slow: 250, slower: 300, quick: 0.5 }
      const held = Object.entries(work).map(([passwordHash, importedWork]) =>
        sampleAccount({ passwordHash, importedWork }),
      )
      await accounts.addAll(ISSUER, [sampleAccount(), ...held], [])
      const [slow, slower, quick] = held.map(({ subject }) => subject)
      equal(await accounts.costliestImported(ISSUER), 'slower')
      same((await accounts.find(ISSUER, slow ?? ''))?.importedWork, 250)
      equal(await accounts.rehash(ISSUER, slower ?? '', 'slower', 'own'), 'done')
      equal('importedWork' in ((await accounts.find(ISSUER, slower ?? '')) ?? {}), false)
      equal(await accounts.costliestImported(ISSUER), 'slow')
      await accounts.changePassword(ISSUER, slow ?? '', 'own', T0 + 5, () => NOTHING)
      equal(await accounts.costliestImported(ISSUER), 'quick')
      await accounts.remove(ISSUER, quick ?? '', T0 + 5, () => NOTHING)
      equal(await accounts.costliestImported(ISSUER), undefined)
    },
  )
}
