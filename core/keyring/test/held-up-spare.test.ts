import { createKeyring, type KeyRecords } from '@jotwarden/keyring'
import { expect, test } from 'vitest'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'
import { plan } from './sample-plan.ts'

test('a spare that was stored long after it was made counts from when others could know of it', async () => {
  const kept = new MemoryKeyRecords()
  const clock = { time: 1_800_000_000, now: () => clock.time }
  const records = heldUp(kept, () => {
    clock.time += 3600
  })
  const schedule = { plan, latestEnd: async () => 0 }
  const keyring = createKeyring({ issuer, records, store: new PlainKeyStore(), clock, schedule })
  await keyring.open()
  clock.time += 3600
  const rotated = await keyring.rotate('token-signing')
  expect(rotated).toMatchObject({ outcome: 'rotated' })
  const { signer, time } = { signer: keyring.signer().kid, time: clock.time }
  expect(await keyring.rotate('token-signing')).toEqual({
    outcome: 'too-early',
    kid: signer,
    next: expect.any(String),
    at: time + plan.lease + plan.propagation + plan.jwksMaxAge + plan.skew,
  })
  const listed = await kept.list(issuer)
  const spares = listed.filter((one) => one.purpose === 'token-signing' && one.state === 'pending')
  expect(spares).toMatchObject([{ announcedAt: time }])
})

/** Stands still once, between making a spare and storing it. */
function heldUp(kept: MemoryKeyRecords, hold: () => void): KeyRecords {
  let isHeld = false
  return {
    list: (of) => kept.list(of),
    transition: (...act) => kept.transition(...act),
    reserve: (...taken) => kept.reserve(...taken),
    add: (of, added, events, seen) => {
      if (!isHeld && added.length === 1) {
        isHeld = true
        hold()
      }
      return kept.add(of, added, events, seen)
    },
  }
}
