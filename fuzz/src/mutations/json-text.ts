import type { Draft } from '../draft.ts'
import type { SeededRandom } from '../random.ts'
import type { Mutation } from './mutation.ts'

/** How header and claims are spelled. All of it is signed by the right key. */
export const jsonTextMutations: readonly Mutation[] = [
  edit('white-space', (text, random) =>
    text.replace(/[{:,]/, (mark) => `${mark}${random.pick([' ', '\n', '\t', '\r\n'])}`),
  ),
  edit(
    'white-space-around',
    (text, random) => `${random.pick([' ', '\n'])}${text}${random.pick([' ', '\t\n'])}`,
  ),
  edit('escaped-name', (text, random) => {
    const name = random.pick(namesOf(text))
    return text.replace(
      `"${name}"`,
      `"\\u00${name.charCodeAt(0).toString(16).padStart(2, '0')}${name.slice(1)}"`,
    )
  }),
  edit('repeated-member', (text, random) => {
    const name = random.pick(namesOf(text))
    return inserted(text, `"${name}":${random.pick(['"x"', '1', 'null', '9999999999', '[]'])}`, random)
  }),
  edit('repeated-member-same-value', (text) =>
    inserted(text, text.slice(1, -1).split(',')[0] ?? '', undefined),
  ),
  edit('repeated-member-escaped', (text, random) => {
    const name = random.pick(namesOf(text))
    const escaped = `\\u00${name.charCodeAt(0).toString(16).padStart(2, '0')}${name.slice(1)}`
    return inserted(text, `"${escaped}":${random.pick(['"x"', '1', 'null'])}`, random)
  }),
  edit('repeated-member-below', (text) => inserted(text, '"below":{"a":1,"a":2}', undefined)),
  edit('colons-and-quotes-in-texts', (text, random) =>
    inserted(
      text,
      random.pick(['"note":"a:b,\\"c\\":{}"', '"a\\":":1', '":":":"', '"\\\\":"\\\\"', '"{":"}"']),
      random,
    ),
  ),
  edit('proto-member', (text, random) =>
    inserted(
      text,
      `"${random.pick(['__proto__', '\\u005f_proto__'])}":${random.pick(['{}', '{"exp":1}', '1'])}`,
      random,
    ),
  ),
  edit('strange-number', (text, random) =>
    inserted(
      text,
      `"n":${random.pick(['1e400', '-1e400', '1E5', '-0', '0.1', '1e-400', '9007199254740993', '01', '+1', '.5', '0x10', 'NaN', 'Infinity'])}`,
      random,
    ),
  ),
  edit('strange-text', (text, random) =>
    inserted(
      text,
      `"t":${random.pick(['"\\ud800"', '"\\udc00\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '"\u0007"', '"\u2028"', '"\\x"', "'a'"])}`,
      random,
    ),
  ),
  edit('no-json', (text, random) =>
    random.pick([
      `${text}${text}`,
      `${text}x`,
      text.slice(0, -1),
      `[${text}]`,
      'null',
      '"text"',
      '1',
      'true',
      '[]',
      '{}',
      '',
      '/**/{}',
      `${text.slice(0, -1)},}`,
    ]),
  ),
  {
    name: 'byte-order-mark',
    stage: 'json',
    apply: (draft, random) =>
      change(draft, random, (text) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), text])),
  },
  {
    name: 'no-utf-8',
    stage: 'json',
    apply: (draft, random) =>
      change(draft, random, (text) => {
        const bad = random.pick(['ff', 'c0af', 'eda080', 'f4908080', 'c3', '80'])
        const spoiled = Buffer.from(`,"u":"${bad}"}`)
        const at = spoiled.indexOf(bad)
        return Buffer.concat([
          text.subarray(0, -1),
          spoiled.subarray(0, at),
          Buffer.from(bad, 'hex'),
          spoiled.subarray(at + bad.length),
        ])
      }),
  },
  {
    name: 'byte-changed',
    stage: 'json',
    apply: (draft, random) =>
      change(draft, random, (text) => {
        const changed = Buffer.from(text)
        const at = random.below(Math.max(1, text.length))
        if (at < changed.length) changed[at] = random.below(256)
        return changed
      }),
  },
]

function edit(name: string, spell: (text: string, random: SeededRandom) => string): Mutation {
  return {
    name,
    stage: 'json',
    apply: (draft, random) => change(draft, random, (text) => Buffer.from(spell(text.toString(), random))),
  }
}

function change(draft: Draft, random: SeededRandom, spell: (text: Buffer) => Buffer): string {
  const part = random.oneIn(2) ? 'headerText' : 'claimsText'
  const before = draft[part]
  draft[part] = spell(before)
  return part === 'headerText' ? 'of the header' : 'of the claims'
}

function namesOf(text: string): readonly string[] {
  const names = [...text.matchAll(/"([\w:/.]+)":/g)].map(([, name]) => name ?? '')
  return names.length === 0 ? ['none'] : names
}

/** Before the first member or after the last one. */
function inserted(text: string, member: string, random: SeededRandom | undefined): string {
  if (!text.startsWith('{') || text === '{}') return `{${member}}`
  return random?.oneIn(2) ? `{${member},${text.slice(1)}` : `${text.slice(0, -1)},${member}}`
}
