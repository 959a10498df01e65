import type { Secret } from '@jotwarden/token'
import { AuthorityError } from './errors.ts'

/** Says whether a password, in small letters, stands in a list of common ones. */
export type CommonPasswords = (password: string) => boolean | Promise<boolean>

/**
 * Length, and no rule of composition; nothing that is common, or one of the `names` that anybody knows (NIST SP 800-63B-4
 * §3.1.1.2). A listed word does not become rare by figures around it or by being written twice.
 *
 * Throws `authority/account-invalid`.
 */
export async function checkPassword(
  password: Secret,
  names: readonly string[],
  isCommon: CommonPasswords = () => false,
): Promise<void> {
  const text = password.revealText().normalize('NFKC')
  const length = [...text].length
  if (length < SHORTEST || length > LONGEST)
    throw refusal(`it must have ${SHORTEST} to ${LONGEST} characters`)
  const known = new Set(names.flatMap(formsOf))
  for (const word of coresOf(text.toLowerCase())) {
    if ([...word].length <= LONGEST_PATTERN) throw refusal('it is a few characters over and over')
    if (known.has(word)) throw refusal('it is a name that others know')
    if (await isCommon(word)) throw refusal('it is one of the passwords that are tried first')
  }
}

/** What the password is made of: itself, without spaces, figures and signs around it, and what is written several times. */
function coresOf(text: string): ReadonlySet<string> {
  const close = text.replace(/\s/g, '')
  const bare = close.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  return new Set([text, close, bare, repeated(close), repeated(bare)].filter((word) => word !== ''))
}

/** The shortest part that the text is made of by writing it again and again; most texts are their own. */
function repeated(text: string): string {
  const period = `${text}${text}`.indexOf(text, 1)
  return period <= 0 ? text : text.slice(0, period)
}

/** A name as people write it into a password: whole, without spaces, and the parts of an address. */
function formsOf(name: string): readonly string[] {
  const small = name.normalize('NFKC').toLowerCase()
  const bare = small.replace(/^[a-z]+:\/\//, '')
  return [small, small.replace(/\s/g, ''), bare, ...bare.split(/[@/:\s]/)].filter((form) => form !== '')
}

function refusal(reason: string): AuthorityError {
  return new AuthorityError('authority/account-invalid', `Cannot take the password: ${reason}`)
}

const SHORTEST = 12
const LONGEST = 256
const LONGEST_PATTERN = 4
