import { isKeyState, isPublished, keyStates, mayProcess, mayProtect, mayTransition } from '@jotwarden/keyring'
import { describe, expect, test } from 'vitest'

const states = ['pending', 'active', 'retiring', 'retired', 'suspended', 'compromised'] as const

describe('mayTransition()', () => {
  const allowed = new Set([
    'pending active',
    'pending retired',
    'pending compromised',
    'active retiring',
    'active suspended',
    'active compromised',
    'retiring retired',
    'retiring compromised',
    'suspended active',
    'suspended retiring',
    'suspended retired',
    'suspended compromised',
    'retired compromised',
  ])
  for (const from of states)
    for (const to of states)
      test(`${allowed.has(`${from} ${to}`) ? 'lets' : 'never lets'} ${from} become ${to}`, () => {
        expect(mayTransition(from, to)).toBe(allowed.has(`${from} ${to}`))
      })

  test('leads from every state to compromised, and from there nowhere', () => {
    for (const from of states.filter((state) => state !== 'compromised')) {
      expect(mayTransition(from, 'compromised')).toBe(true)
    }
    expect(states.some((to) => mayTransition('compromised', to))).toBe(false)
  })
})

describe('what a state may do', () => {
  const rows = [
    // state, protect, process, published
    ['pending', false, true, true],
    ['active', true, true, true],
    ['retiring', false, true, true],
    ['retired', false, false, false],
    ['suspended', false, false, false],
    ['compromised', false, false, false],
  ] as const
  for (const [state, protect, process, published] of rows)
    test(`${state}: protect ${protect}, process ${process}, published ${published}`, () => {
      expect([mayProtect(state), mayProcess(state), isPublished(state)]).toEqual([
        protect,
        process,
        published,
      ])
    })

  test('the table has exactly these states', () => {
    expect([...keyStates.keys()].sort()).toEqual([...states].sort())
  })

  test('isKeyState() knows no other word', () => {
    for (const word of ['ACTIVE', 'constructor', '__proto__', '', 'destroyed', 1, null])
      expect(isKeyState(word)).toBe(false)
  })
})
