import { type KeyRecord, KeyringError, type KeyTransition, transitioned } from '@jotwarden/keyring'
import { describe, expect, test } from 'vitest'

describe('transitioned()', () => {
  test('activates a pending key: dated, one version on, everything else as it was', () => {
    expect(transitioned(record, { kid: 'k', version: 1, to: 'active', at: 500.9 })).toEqual({
      ...record,
      state: 'active',
      activatedAt: 500,
      version: 2,
    })
  })

  test('keeps the first activation date when a suspended key comes back', () => {
    const suspended: KeyRecord = { ...record, state: 'suspended', activatedAt: 300 }
    expect(transitioned(suspended, step('active', 900)).activatedAt).toBe(300)
  })

  test('retires with the date from which the key may go, rounded to the later second', () => {
    const active: KeyRecord = { ...record, state: 'active', activatedAt: 300 }
    const retiring = transitioned(active, { ...step('retiring', 900), wrapped: null, removableAt: 1500.2 })
    expect(retiring).toMatchObject({ state: 'retiring', retiringAt: 900, removableAt: 1501, wrapped: null })
  })

  test('leaves the private part of a retiring key that must still open', () => {
    const active: KeyRecord = { ...record, state: 'active', activatedAt: 300 }
    expect(transitioned(active, step('retiring', 900)).wrapped).toBe('w')
  })

  for (const to of ['retired', 'compromised'] as const)
    test(`destroys the private part on the way to ${to}, even when told to keep it`, () => {
      const retiring: KeyRecord = { ...record, state: 'retiring' }
      expect(transitioned(retiring, { ...step(to, 900), wrapped: 'kept' }).wrapped).toBeNull()
    })

  test('wraps anew without a change of state or date', () => {
    expect(transitioned(record, { ...step('pending', 900), wrapped: 'anew' })).toEqual({
      ...record,
      wrapped: 'anew',
      version: 2,
    })
  })

  test('never brings a destroyed private part back', () => {
    const gone: KeyRecord = { ...record, state: 'retired', wrapped: null }
    expect(refusal(gone, { ...step('retired', 900), wrapped: 'back' })).toBe('keyring/transition')
    const retiring: KeyRecord = { ...record, state: 'retiring', wrapped: null }
    expect(refusal(retiring, { ...step('retiring', 900), wrapped: 'back' })).toBe('keyring/transition')
    const suspended: KeyRecord = { ...record, state: 'suspended', wrapped: null }
    expect(transitioned(suspended, { ...step('retiring', 900), wrapped: 'back' }).wrapped).toBeNull()
  })

  test('never activates a key without a private part', () => {
    expect(refusal({ ...record, wrapped: null }, step('active', 900))).toBe('keyring/transition')
    expect(refusal(record, { ...step('active', 900), wrapped: null })).toBe('keyring/transition')
  })

  test('refuses a step that the state does not allow, and a step to nowhere', () => {
    expect(refusal(record, step('retiring', 900))).toBe('keyring/transition')
    expect(refusal(record, step('pending', 900))).toBe('keyring/transition')
  })
})

function step(to: KeyTransition['to'], at: number): KeyTransition {
  return { kid: 'k', version: 1, to, at }
}

function refusal(from: KeyRecord, taken: KeyTransition): string | undefined {
  try {
    transitioned(from, taken)
    return undefined
  } catch (error) {
    return error instanceof KeyringError ? error.code : 'other'
  }
}

const record: KeyRecord = {
  issuer: 'https://issuer.example',
  kid: 'k',
  purpose: 'refresh-mac',
  alg: 'HS256',
  state: 'pending',
  publicJwk: null,
  wrapped: 'w',
  createdAt: 100,
  announcedAt: 100,
  activatedAt: null,
  retiringAt: null,
  removableAt: null,
  retiredAt: null,
  compromisedAt: null,
  uses: 0,
  version: 1,
}
