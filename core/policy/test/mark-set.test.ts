import { getHeapStatistics } from 'node:v8'
import { type Mark, type MarkedToken, type MarkKind, MarkSet, markKinds } from '@jotwarden/policy'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { idOf, KINDS, MarkModel, mark, ORDER, prefixOf, textOf, token } from './marks.ts'

const COMPACT = ['token', 'session', 'login', 'subject'] as const

describe('MarkSet.refuses()', () => {
  test('refuses nothing while empty', () => {
    expect(new MarkSet().refuses(token())).toBeNull()
    expect(new MarkSet().size).toBe(0)
  })

  for (const form of ['compact', 'named'] as const)
    for (const kind of KINDS) {
      test(`refuses by ${kind}, with a ${form} id, and by no other id and in no other place`, () => {
        const set = new MarkSet()
        set.add(mark(kind, idOf(kind, form, 1)))
        expect(set.refuses(token({ [kind]: idOf(kind, form, 1) }))).toBe(kind)
        expect(set.refuses(token({ [kind]: idOf(kind, form, 2) }))).toBeNull()
        for (const other of KINDS)
          if (other !== kind) expect(set.refuses(token({ [other]: idOf(kind, form, 1) }))).toBeNull()
      })

      test(`compares rev for ${kind} with a ${form} id: ${markKinds[kind].ordered}`, () => {
        const set = new MarkSet()
        const number = 2 ** 53 - 1
        set.add(mark(kind, idOf(kind, form, 1), { number }))
        const verdicts = [undefined, 0, number - 1, number].map((rev) =>
          set.refuses({ ...token({ [kind]: idOf(kind, form, 1) }), rev }),
        )
        expect(verdicts).toEqual([kind, kind, kind, markKinds[kind].ordered ? null : kind])
      })
    }

  test('answers with the first that refuses: issuer, key, client, subject, login, session, token', () => {
    const set = new MarkSet()
    for (const kind of ORDER.toReversed()) {
      set.add(mark(kind, idOf(kind, 'compact', 0)))
      expect(set.refuses(token())).toBe(kind)
    }
  })

  test('passes a subject mark that rev has seen, and goes on to the later ones', () => {
    const set = new MarkSet()
    set.add(mark('subject', idOf('subject', 'compact', 0), { number: 5 }))
    set.add(mark('token', idOf('token', 'compact', 0), { number: 6 }))
    expect(set.refuses({ ...token(), rev: 5 })).toBe('token')
  })

  test('leaves out what a token does not carry', () => {
    const set = new MarkSet()
    for (const kind of ['key', 'login', 'session'] as const) set.add(mark(kind, idOf(kind, 'compact', 0)))
    expect(set.refuses({ ...token(), kid: undefined, login: undefined, sid: undefined })).toBeNull()
  })

  test('allocates nothing', () => {
    const set = new MarkSet()
    for (let index = 1; index <= 1000; index++)
      for (const kind of KINDS) set.add(mark(kind, idOf(kind, 'compact', index), { number: 2 ** 41 + index }))
    const tokens = Array.from({ length: 500 }, (_, index) => ({
      ...token(
        index % 2 === 0
          ? {}
          : { [KINDS[index % 7] ?? 'token']: idOf(KINDS[index % 7] ?? 'token', 'compact', index) },
      ),
      rev: 2 ** 41 + (index % 3) * 1000,
    }))
    const calls = 400_000
    const least = leastBytesAllocatedBy(() => askAgain(set, tokens, calls), calls)
    // The heap is counted by pages of 256 KiB, and compiling takes some of it too; one number a call would be 4.8 MB.
    expect(least).toBeLessThan(calls)
  })
})

describe('MarkSet on ids that are close to one another', () => {
  test('tells apart ids that differ in any one bit, whatever the seed', () => {
    const first = Uint8Array.from({ length: 16 }, (_, at) => at * 37)
    for (const seed of [0, 1, 2 ** 53 - 1]) {
      const set = new MarkSet({ seed })
      set.add(mark('token', textOf(first)))
      for (let bit = 0; bit < 128; bit++) {
        const other = first.with(bit >> 3, (first[bit >> 3] ?? 0) ^ (1 << (bit & 7)))
        expect(set.refuses(token({ token: textOf(other) }))).toBeNull()
        set.add(mark('token', textOf(other)))
        expect(set.refuses(token({ token: textOf(other) }))).toBe('token')
      }
      expect(set.size).toBe(129)
    }
  })

  test('tells the id of 16 zero bytes from a free slot', () => {
    for (const kind of COMPACT) {
      const id = prefixOf(kind) + 'A'.repeat(22)
      const set = new MarkSet()
      set.add(mark(kind, idOf(kind, 'compact', 1)))
      expect(set.refuses(token({ [kind]: id }))).toBeNull()
      set.add(mark(kind, id))
      expect(set.refuses(token({ [kind]: id }))).toBe(kind)
    }
  })

  test('tells texts apart that decode to the same bytes, and texts that only look like an id', () => {
    const compact = 'p4vOfvAjs0gBWvt6nLq9Hg'
    const others = [
      ...[...'hijklmnopqrstuv'].map((last) => compact.slice(0, -1) + last),
      `${compact}==`,
      `${compact}A`,
      compact.slice(0, -1),
      ` ${compact}`,
      `usr_${compact}`,
      'p4vOfvAjs0gBWvt6nLq+Hg',
      'p4vOfvAjs0gBWvt6nLq9H\u0067\u0301',
      'p4vOfvAjs0gBWvt6nLq9\u0148g',
      'p4vOfvAjs0gBWvt6nLq9Hｇ',
      `${'\u0170'.repeat(21)}g`,
      '',
    ]
    const texts = [compact, ...others]
    for (const marked of texts) {
      const set = new MarkSet()
      set.add(mark('token', marked))
      expect(texts.filter((text) => set.refuses(token({ token: text })) !== null)).toEqual([marked])
    }
  })

  test('tells texts apart that differ in one character outside the alphabet', () => {
    const compact = 'p4vOfvAjs0gBWvt6nLq9Hg'
    for (let place = 0; place < compact.length; place++) {
      const texts = [...'!+/=@[`{^ \0\x7f\x80\u0170\u4e00'].map(
        (other) => compact.slice(0, place) + other + compact.slice(place + 1),
      )
      for (const marked of texts) {
        const set = new MarkSet()
        set.add(mark('login', marked))
        set.add(mark('login', idOf('login', 'compact', 1)))
        expect(texts.filter((text) => set.refuses(token({ login: text })) !== null)).toEqual([marked])
      }
    }
  })

  test('reads a subject with usr_ before 22 characters as compact, and every other as its text', () => {
    const id = 'p4vOfvAjs0gBWvt6nLq9Hg'
    const texts = [
      `usr_${id}`,
      id,
      `usr-${id}`,
      `Usr_${id}`,
      `usr_usr_${id.slice(4)}`,
      `usr_${id}A`,
      'usr_',
      'usr',
    ]
    for (const marked of texts) {
      const set = new MarkSet()
      set.add(mark('subject', marked))
      expect(texts.filter((text) => set.refuses(token({ subject: text })) !== null)).toEqual([marked])
    }
  })

  test('keeps every character at every place apart', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const ids = Array.from({ length: 22 }, (_, place) =>
      [...(place === 21 ? 'AQgw' : alphabet)].map(
        (character) => 'A'.repeat(place) + character + 'A'.repeat(21 - place),
      ),
    ).flat()
    const distinct = new Set(ids)
    const set = new MarkSet()
    for (const id of ids) {
      expect(set.refuses(token({ session: id }))).toBe(
        id === 'A'.repeat(22) && set.size > 0 ? 'session' : null,
      )
      set.add(mark('session', id))
    }
    expect(set.size).toBe(distinct.size)
  })
})

describe('MarkSet.add()', () => {
  for (const id of ['usr_p4vOfvAjs0gBWvt6nLq9Hg', 'alice'])
    test(`keeps the greater number and the later expiry of two marks on ${id}, in either order`, () => {
      const early = mark('subject', id, { number: 7, expiresAt: 100 })
      const late = mark('subject', id, { number: 3, expiresAt: 200 })
      for (const marks of [
        [early, late],
        [late, early],
      ]) {
        const set = new MarkSet()
        for (const one of marks) set.add(one)
        expect(set.size).toBe(1)
        set.forget(199)
        expect(set.refuses({ ...token({ subject: id }), rev: 6 })).toBe('subject')
        expect(set.refuses({ ...token({ subject: id }), rev: 7 })).toBeNull()
        set.forget(200)
        expect(set.size).toBe(0)
      }
    })

  test('keeps numbers up to 2^53 exactly while the table grows', () => {
    const set = new MarkSet()
    for (let index = 0; index < 1000; index++)
      set.add(mark('subject', idOf('subject', 'compact', index), { number: 2 ** 53 - 1 - index }))
    for (let index = 0; index < 1000; index++) {
      const asked = token({ subject: idOf('subject', 'compact', index) })
      expect(set.refuses({ ...asked, rev: 2 ** 53 - 2 - index })).toBe('subject')
      expect(set.refuses({ ...asked, rev: 2 ** 53 - 1 - index })).toBeNull()
    }
  })
})

describe('MarkSet.forget()', () => {
  test('forgets at the expiry, rounded up to a whole second, and not before', () => {
    const set = new MarkSet()
    set.add(mark('token', idOf('token', 'compact', 1), { expiresAt: 100.25 }))
    set.forget(100.999)
    expect(set.size).toBe(1)
    set.forget(101)
    expect(set.size).toBe(0)
  })

  test('never forgets a compact mark whose expiry is beyond its 32 bits', () => {
    for (const expiresAt of [2 ** 32 - 1, 2 ** 32, 2 ** 33, Number.POSITIVE_INFINITY, Number.NaN]) {
      const set = new MarkSet()
      set.add(mark('token', idOf('token', 'compact', 1), { expiresAt }))
      set.add(mark('token', idOf('token', 'compact', 1), { expiresAt: 5 }))
      set.forget(2 ** 32)
      expect(set.refuses(token({ token: idOf('token', 'compact', 1) }))).toBe('token')
    }
  })

  test('keeps expiries above 2^31 in their order', () => {
    const set = new MarkSet()
    set.add(mark('token', idOf('token', 'compact', 1), { expiresAt: 2 ** 31 + 5 }))
    set.add(mark('token', idOf('token', 'compact', 1), { expiresAt: 7 }))
    set.forget(2 ** 31 + 4)
    expect(set.size).toBe(1)
    set.forget(2 ** 31 + 5)
    expect(set.size).toBe(0)
  })

  test('keeps a mark with an expiry of 0 or less at most until second 1', () => {
    const set = new MarkSet()
    for (const [index, expiresAt] of [0, -1, -(2 ** 33)].entries())
      set.add(mark('token', idOf('token', 'compact', index), { expiresAt }))
    expect(set.size).toBe(3)
    set.forget(1)
    expect(set.size).toBe(0)
  })

  test('forgets nothing when the time is not a number', () => {
    const set = filled(100, () => 1)
    set.forget(Number.NaN)
    set.forget(Number.NaN, 7)
    expect(set.size).toBe(100 * KINDS.length)
  })

  for (const budget of [1, 7, 1000])
    test(`with a budget of ${budget} forgets at most so many a call, and all of them in one round`, () => {
      const set = filled(300, (index) => (index % 3 === 0 ? 20 : 10))
      let calls = 0
      for (let before = set.size; set.size > 100 * KINDS.length; before = set.size) {
        set.forget(10, budget)
        expect(before - set.size).toBeLessThanOrEqual(budget)
        calls++
        // 4 tables of 512 slots, each freed one examined again, and 7 kinds of up to 300 other ids
        expect(calls * budget).toBeLessThan(4 * 512 + 4 * 200 + 7 * 300 + 2 * budget)
      }
      expect(refusedOf(set, 300)).toEqual(
        KINDS.flatMap((kind) => Array.from({ length: 100 }, (_, index) => `${kind} ${index * 3}`)),
      )
    })

  for (const budget of [0, -1, Number.NaN])
    test(`with a budget of ${budget} examines nothing and returns`, () => {
      const set = filled(10, () => 1)
      set.forget(2, budget)
      expect(set.size).toBe(10 * KINDS.length)
    })

  test('goes on where it stopped while marks keep coming', () => {
    const set = new MarkSet()
    for (let index = 0; index < 50_000; index++) {
      set.add(mark('token', idOf('token', 'compact', index), { expiresAt: index + 100 }))
      set.forget(index, 8)
    }
    expect(set.size).toBeLessThan(2_000)
  })

  test('without a budget examines all, wherever a sweep has stopped', () => {
    for (const budget of [10, 400, 700, 1000, 1500]) {
      const set = filled(300, () => 20)
      set.forget(10, budget)
      set.forget(20)
      expect(set.size).toBe(0)
    }
  })

  test('with a budget goes round again and again', () => {
    const set = filled(50, (index) => index)
    for (let now = 0; now < 50; now++) {
      for (let calls = 0; calls < 50; calls++) set.forget(now, 29)
      expect(set.size).toBe((49 - now) * KINDS.length)
    }
  })

  test('goes on at the same place in the order of the ids when the table grows meanwhile', () => {
    const set = new MarkSet()
    const slots = 1024
    for (let index = 0; index < 700; index++)
      set.add(mark('token', idOf('token', 'compact', index), { expiresAt: 10 }))
    set.forget(10, slots / 2 + 350)
    const left = set.size
    expect(left).toBeGreaterThan(200)
    expect(left).toBeLessThan(500)
    for (let index = 700; index < 1700; index++) set.add(mark('token', idOf('token', 'compact', index)))
    set.forget(10, slots + left)
    // One that stood behind its place just where the sweep had stopped may wait for the next round
    expect(set.size).toBeLessThan(1000 + 10)
  })

  test('gives the memory back after a flood', () => {
    const set = new MarkSet()
    const { bytes } = set
    for (let index = 0; index < 20_000; index++) {
      set.add(mark('token', idOf('token', 'compact', index), { expiresAt: 10 }))
      set.add(mark('subject', idOf('subject', 'compact', index), { expiresAt: index < 50 ? 20 : 10 }))
    }
    expect(set.bytes).toBeGreaterThan(20_000 * 48)
    for (let calls = 0; calls < 1000; calls++) set.forget(10, 1000)
    expect(set.bytes).toBeLessThan(bytes + 256 * 28)
    expect(set.size).toBe(50)
    set.forget(20)
    expect(set.bytes).toBe(bytes)
  })
})

describe('MarkSet beside a Map of marks', () => {
  test('refuses exactly what the Map refuses, through any adds and forgets', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(anyStep(), { maxLength: 300 }), (seed, steps) => {
        const set = new MarkSet({ seed })
        const model = new MarkModel()
        let now = 0
        for (const step of steps) {
          if (step.act === 'add') {
            set.add(step.mark)
            model.add(step.mark, now)
          } else if (step.act === 'ask') {
            expect(model.possible(step.token, now)).toContain(set.refuses(step.token))
          } else {
            now += step.seconds
            set.forget(now, step.budget)
            if (step.budget === undefined) model.forget(now)
          }
        }
        for (const { id, kind } of model.inForce(now))
          expect(model.possible(token({ [kind]: id }), now)).toContain(set.refuses(token({ [kind]: id })))
        set.forget(now)
        expect(set.size).toBe(model.inForce(now).length)
      }),
      { numRuns: 300 },
    )
  })

  test('loses no mark of crowded tables whose slots are freed at random', () => {
    const ids = fc.integer({ min: 0, max: 2000 })
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(ids, fc.integer({ min: 1, max: 40 })), { minLength: 200, maxLength: 700 }),
        (seed, adds) => {
          const set = new MarkSet({ seed })
          const model = new MarkModel()
          for (const [index, expiresAt] of adds) {
            const one = mark('token', idOf('token', 'compact', index), { expiresAt })
            set.add(one)
            model.add(one, 0)
          }
          for (let now = 0; now <= 40; now++) {
            for (let calls = 0; calls < 3; calls++) set.forget(now, 61)
            for (const { id } of model.inForce(now)) expect(set.refuses(token({ token: id }))).toBe('token')
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})

type Step =
  | { readonly act: 'add'; readonly mark: Mark }
  | { readonly act: 'ask'; readonly token: MarkedToken }
  | { readonly act: 'forget'; readonly seconds: number; readonly budget: number | undefined }

function anyStep(): fc.Arbitrary<Step> {
  const kind = fc.constantFrom(...KINDS)
  const form = fc.constantFrom('compact' as const, 'compact' as const, 'named' as const)
  const index = fc.nat({ max: 30 })
  const number = fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: Number.MAX_SAFE_INTEGER }))
  const id = fc.record({ kind, form, index })
  const added = fc.record({ id, number, expiresAt: fc.nat({ max: 60 }).map((value) => value + 1) })
  return fc.oneof(
    {
      weight: 5,
      arbitrary: added.map(({ id, ...rest }) => addOf(id.kind, idOf(id.kind, id.form, id.index), rest)),
    },
    {
      weight: 4,
      arbitrary: fc
        .record({ ids: fc.array(id, { maxLength: 4 }), rev: fc.option(number, { nil: undefined }) })
        .map(({ ids, rev }) =>
          askOf(
            ids.map((one) => [one.kind, idOf(one.kind, one.form, one.index)]),
            rev,
          ),
        ),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        act: fc.constant('forget' as const),
        seconds: fc.nat({ max: 15 }),
        budget: fc.oneof(fc.nat({ max: 200 }), fc.constant(undefined)),
      }),
    },
  )
}

function addOf(kind: MarkKind, id: string, rest: Partial<Mark>): Step {
  return { act: 'add', mark: mark(kind, id, rest) }
}

function askOf(ids: readonly (readonly [MarkKind, string])[], rev: number | undefined): Step {
  return { act: 'ask', token: { ...token(Object.fromEntries(ids)), rev } }
}

/** Marks with compact and other ids, `count` of each kind, taking turns. */
function filled(count: number, expiryOf: (index: number) => number): MarkSet {
  const set = new MarkSet()
  for (const kind of KINDS)
    for (let index = 0; index < count; index++)
      set.add(mark(kind, idOf(kind, formOf(index), index), { expiresAt: expiryOf(index) }))
  return set
}

function refusedOf(set: MarkSet, count: number): string[] {
  return KINDS.flatMap((kind) =>
    Array.from({ length: count }, (_, index) => index)
      .filter(
        (index) => set.refuses(token({ ...UNKNOWN, [kind]: idOf(kind, formOf(index), index) })) !== null,
      )
      .map((index) => `${kind} ${index}`),
  )
}

function formOf(index: number): 'compact' | 'named' {
  return index % 2 === 0 ? 'compact' : 'named'
}

function askAgain(set: MarkSet, tokens: readonly MarkedToken[], calls: number): number {
  let refused = 0
  for (let call = 0; call < calls; call++)
    if (set.refuses(tokens[call % tokens.length] ?? token()) !== null) refused++
  return refused
}

/** What the act takes of the heap once it is compiled: the least of up to 12 times, until one is below `enough`. */
function leastBytesAllocatedBy(act: () => unknown, enough: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let times = 0; times < 12 && least >= enough; times++) {
    const before = getHeapStatistics().total_allocated_bytes
    act()
    least = Math.min(least, getHeapStatistics().total_allocated_bytes - before)
  }
  return least
}

const UNKNOWN = Object.fromEntries(KINDS.map((kind) => [kind, `unknown ${kind}`]))
