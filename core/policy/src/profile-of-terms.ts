import { type Check, checklist, type Terms } from './checklist.ts'
import { type ClaimCheck, claimCheck } from './claim-check.ts'
import type { TokenKind } from './kinds.ts'
import type { StandardSchema } from './standard-schema.ts'

/** Options that have been checked, as the checks made of them; nobody can write one by hand. */
export interface Profile<K extends TokenKind = TokenKind, T = unknown> extends Terms<K> {
  readonly schema: StandardSchema<T> | null
  readonly [profileChecks]: { readonly ofNames: ClaimCheck; readonly ofValues: readonly Check[] }
}

/** Where a profile keeps its checks. Not exported from the package, so that nobody can write a profile by hand. */
export const profileChecks: unique symbol = Symbol('checks')

/** Makes the checks of which `decide` consists for these terms. */
export function profileOfTerms<K extends TokenKind, T>(
  terms: Terms<K>,
  schema: StandardSchema<T> | null,
): Profile<K, T> {
  const checks = { ofNames: claimCheck(terms), ofValues: checklist(terms) }
  return Object.freeze({ ...terms, schema, [profileChecks]: Object.freeze(checks) })
}
