import { testKey } from '../keys.ts'
import type { SeededRandom } from '../random.ts'

/** Any value that JSON can hold, and some that only a program can pass. */
export function strangeValue(random: SeededRandom, depth = 3): unknown {
  if (depth === 0 || random.oneIn(3)) return random.pick(PLAIN)
  if (random.oneIn(2)) return Array.from({ length: random.below(4) }, () => strangeValue(random, depth - 1))
  return strangeObject(random, NAMES, depth)
}

export function strangeObject(
  random: SeededRandom,
  names: readonly string[],
  depth = 3,
): Record<string, unknown> {
  const members = Array.from({ length: random.below(5) }, () => [
    random.pick(names),
    strangeValue(random, depth - 1),
  ])
  return Object.fromEntries(members)
}

/** A good object of which some members were changed. */
export function spoiled(good: object, random: SeededRandom): unknown {
  if (random.oneIn(8)) return strangeValue(random)
  const members: Record<string, unknown> = { ...good }
  for (let count = random.below(3); count > 0; count--) {
    const name = random.pick([...Object.keys(good), ...NAMES])
    if (random.oneIn(3)) delete members[name]
    else members[name] = spoiledMember(members[name], random)
  }
  return members
}

function spoiledMember(value: unknown, random: SeededRandom): unknown {
  return typeof value === 'string' && random.oneIn(2) ? spoiledText(value, random) : strangeValue(random)
}

export function spoiledText(text: string, random: SeededRandom): string {
  const at = random.below(text.length + 1)
  const piece = random.pick([
    '',
    'A',
    '=',
    '\u0000',
    '{',
    '"',
    '\\',
    ':',
    '.',
    '\ud800',
    '９',
    'x'.repeat(100),
  ])
  return text.slice(0, at) + piece + text.slice(at + random.below(3))
}

/** Key sets, keys and things that are none. */
export function strangeKeySet(random: SeededRandom): unknown {
  const keys = Array.from({ length: random.below(5) }, () => strangeKey(random))
  return random.oneIn(6) ? strangeValue(random) : { keys: random.oneIn(10) ? strangeValue(random) : keys }
}

export function strangeKey(random: SeededRandom): unknown {
  const { kty, crv, x, y, n, e, kid, alg } = testKey(random.pick(['ES256', 'RS256', 'Ed25519'])).jwk
  const good = Object.entries({ kty, crv, x, y, n, e, kid, alg }).filter(([, value]) => value !== undefined)
  return spoiled(Object.fromEntries(good), random)
}

const PLAIN: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '',
  'a',
  'A'.repeat(43),
  '\ud800',
  '\u0000',
  'https://issuer.example',
  12n,
  Symbol.iterator,
  () => undefined,
  new Date(0),
  new Uint8Array(3),
]
const NAMES: readonly string[] = [
  'kty',
  'crv',
  'x',
  'y',
  'n',
  'e',
  'd',
  'p',
  'k',
  'kid',
  'alg',
  'use',
  'key_ops',
  'pub',
  'priv',
  'keys',
  'type',
  'v',
  'issuer',
  'marks',
  '__proto__',
  'constructor',
  'toJSON',
  'length',
  '',
]
