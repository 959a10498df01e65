import { accessKind } from './kinds.ts'
import { type Profile, profileOfTerms } from './profile-of-terms.ts'
import {
  checkedIssuer,
  checkedSchema,
  type OptionFault,
  type SharedOptions,
  sharedTerms,
} from './shared-options.ts'
import type { StandardSchema } from './standard-schema.ts'

/** What a reader of access tokens may demand. */
export interface AccessProfileOptions<T = unknown> extends SharedOptions {
  readonly issuer: string
  readonly schema?: StandardSchema<T> | undefined
}

/**
 * The profile of a reader of access tokens that has further options, and its own words for what is wrong with one:
 * throws what `fault` makes. Names that it does not know are the reader's to refuse. It is `defineProfile` without what
 * other kinds need.
 */
export function accessProfile<T = unknown>(
  options: AccessProfileOptions<T>,
  fault: OptionFault,
): Profile<'access', T> {
  const terms = {
    ...sharedTerms(accessKind, options, fault),
    issuer: checkedIssuer(options.issuer, fault),
    subject: null,
    nonce: null,
    demands: null,
  }
  return profileOfTerms(terms, checkedSchema('schema', options.schema, fault))
}
