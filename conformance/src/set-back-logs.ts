import { equal } from 'node:assert/strict'
import { issuerRevoked, NOTHING, subjectRevoked } from '@jotwarden/authority'
import { epochOf, firstOfEpoch } from '@jotwarden/policy'
import type { Claim } from './claim.ts'
import { race } from './race.ts'
import { same } from './same.ts'
import { ISSUER, sampleMark, T0 } from './samples.ts'

/** That a log which was set back can be noticed, and goes on with numbers that were never given. */
export function setBackLogs(claim: Claim): void {
  claim('beginEpoch moves the head to a later epoch, and what it records comes after', async (stores) => {
    await stores.revocation.append(ISSUER, { events: [], marks: [sampleMark(), sampleMark()] })
    const recording = issuerRevoked(ISSUER, 'set-back', T0)
    equal(await stores.revocation.beginEpoch(ISSUER, { ...NEW, epoch: 3 }, recording), 'begun')
    const { head, marks } = await stores.revocation.read(ISSUER, { after: 0, limit: 10 })
    same([epochOf(head.number), head.number, head.pulse], [3, firstOfEpoch(3) + 1, 7])
    same(
      marks.map(({ number }) => number),
      [1, 2, head.number],
    )
    same(marks.at(-1), { kind: 'issuer', id: ISSUER, number: head.number, expiresAt: T0 + 3600 })
    equal(await stores.events.last(ISSUER), 1)
  })

  claim('beginEpoch of the present epoch or an earlier one changes nothing', async (stores) => {
    equal(await stores.revocation.beginEpoch(ISSUER, { ...NEW, epoch: 3 }, NOTHING), 'begun')
    const before = await stores.revocation.head(ISSUER)
    for (const epoch of [3, 2, 0]) {
      const later = { epoch, latestExp: T0 + 9999, pulse: 99 }
      equal(await stores.revocation.beginEpoch(ISSUER, later, issuerRevoked(ISSUER, 'x', T0)), 'not-later')
    }
    same(await stores.revocation.head(ISSUER), before)
    equal(await stores.events.last(ISSUER), 0)
  })

  claim('beginEpoch lowers neither what was covered nor the pulse', async ({ revocation }) => {
    await revocation.cover(ISSUER, T0 + 9000)
    for (let count = 0; count < 9; count += 1) await revocation.pulse(ISSUER)
    await revocation.beginEpoch(ISSUER, NEW, NOTHING)
    const { latestExp, pulse } = await revocation.head(ISSUER)
    same([latestExp, pulse], [T0 + 9000, 9])
  })

  claim('of 20 concurrent calls that begin one epoch exactly one does', async ({ revocation }) => {
    const answers = await race(20, () => revocation.beginEpoch(ISSUER, NEW, NOTHING))
    equal(answers.filter((answer) => answer === 'begun').length, 1)
    equal((await revocation.head(ISSUER)).number, firstOfEpoch(1))
  })

  claim('pulse counts', async ({ revocation }) => {
    await race(10, () => revocation.pulse(ISSUER))
    equal((await revocation.pulse(ISSUER)).pulse, 11)
  })

  claim('dataVersion differs after every mark', async (stores) => {
    let before = stores.dataVersion()
    for (let count = 0; count < 5; count += 1) {
      await stores.revocation.append(ISSUER, subjectRevoked('usr_a', 'administrator', T0))
      const after = stores.dataVersion()
      equal(after === before, false)
      before = after
    }
  })
}

const NEW = { epoch: 1, latestExp: T0 + 3600, pulse: 7 }
