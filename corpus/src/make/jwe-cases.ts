import type { Expected, HostileCase } from '../hostile-case.ts'
import { caseGroup, policy } from './case-group.ts'
import type { JweParts, JweWorkshop } from './jwe-workshop.ts'
import { claimsText } from './workshop.ts'

/** A case in short: what it is, its token, the code or `accept`, and the one key that decrypts. */
export type Case = readonly [
  what: string,
  title: string,
  token: string,
  verdict: string,
  key: string,
  why?: string,
]

/** Cases that are given to `decrypt`; `why` stands for all that do not say their own. */
export function cases(why: string, list: readonly Case[]): readonly HostileCase[] {
  return list.flatMap(([what, title, token, verdict, key, own]) =>
    group(what, title, token, { decrypt: verdict }, [key], own ?? why),
  )
}

/** One case, with what each entry point answers. */
export function group(
  what: string,
  title: string,
  token: string,
  expect: Expected,
  keys: readonly string[],
  why: string,
): readonly HostileCase[] {
  const [one] = caseGroup('jwe', why, [[what, title, token, 'token/encrypted', { keys, policy, why }]])
  return one === undefined ? [] : [{ ...one, expect }]
}

/** A good token under CBC with HMAC. */
export function cbc(made: JweWorkshop): JweParts {
  return made.direct('enc-dir-cbc', made.header('enc-dir-cbc'), claimsText())
}
