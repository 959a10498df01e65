import type { SeededRandom } from '../random.ts'
import type { Mutation } from './mutation.ts'

/** What becomes of the text after it was signed. */
export const textMutations: readonly Mutation[] = [
  text('change-character', (token, random) => {
    const at = random.below(Math.max(1, token.length))
    return `${token.slice(0, at)}${random.pick(CHARACTERS)}${token.slice(at + 1)}`
  }),
  text('insert-character', (token, random) => {
    const at = random.below(token.length + 1)
    return `${token.slice(0, at)}${random.pick(CHARACTERS)}${token.slice(at)}`
  }),
  text('remove-character', (token, random) => {
    const at = random.below(Math.max(1, token.length))
    return `${token.slice(0, at)}${token.slice(at + 1)}`
  }),
  text('cut', (token, random) => token.slice(0, random.below(token.length + 1))),
  segments('unused-bits', (parts, random) => {
    const at = random.below(parts.length)
    return parts.map((part, index) => (index === at ? withUnusedBits(part, random) : part))
  }),
  segments('swap-segments', (parts, random) => {
    const swapped = [...parts]
    const [one, other] = [random.below(parts.length), random.below(parts.length)]
    swapped[one] = parts[other] ?? ''
    swapped[other] = parts[one] ?? ''
    return swapped
  }),
  segments('repeat-segment', (parts, random) => [...parts, random.pick(parts)]),
  segments('drop-segment', (parts, random) => parts.toSpliced(random.below(parts.length), 1)),
  segments('empty-segment', (parts, random) => parts.with(random.below(parts.length), '')),
  segments('pad', (parts, random) => {
    const at = random.below(parts.length)
    const part = parts[at] ?? ''
    return parts.with(at, part + '='.repeat(random.oneIn(2) ? (4 - (part.length % 4)) % 4 : 1))
  }),
  text('standard-alphabet', (token) => token.replaceAll('-', '+').replaceAll('_', '/')),
  text('dots', (token, random) =>
    random.pick([`${token}.`, `.${token}`, token.replace('.', '..'), '.', '..', '....']),
  ),
  text('around', (token, random) =>
    random.pick([
      `${token} `,
      `${token}\n`,
      ` ${token}`,
      `"${token}"`,
      `Bearer ${token}`,
      `${token}\u0000`,
      `${token},${token}`,
    ]),
  ),
  text('json-form', (token) => {
    const [header, payload, signature] = token.split('.')
    return JSON.stringify({ protected: header, payload, signature })
  }),
]

function text(name: string, change: (token: string, random: SeededRandom) => string): Mutation {
  return {
    name,
    stage: 'text',
    apply(draft, random) {
      draft.token = change(draft.token, random)
      return ''
    },
  }
}

function segments(
  name: string,
  change: (parts: readonly string[], random: SeededRandom) => readonly string[],
): Mutation {
  return text(name, (token, random) => change(token.split('.'), random).join('.'))
}

/** Another last character of which a lax decoder sees the same bits. */
function withUnusedBits(part: string, random: SeededRandom): string {
  const unused = part.length % 4 === 2 ? 4 : part.length % 4 === 3 ? 2 : 0
  if (unused === 0) return part
  const value = ALPHABET.indexOf(part.at(-1) ?? 'A')
  return part.slice(0, -1) + ALPHABET.charAt(value ^ (1 + random.below(2 ** unused - 1)))
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const CHARACTERS = [...ALPHABET, ...'+/=.,:;{}"% \t\n\r\u0000\u00e9\u0100'] as readonly string[]
