import { PolicyError } from './errors.ts'
import { type TokenKind, tokenKinds } from './kinds.ts'
import { defineProfile, type ProfileOptions } from './profile.ts'
import type { Profile } from './profile-of-terms.ts'

/** Options of a profile whose kind stands there by name. */
export type NamedProfileOptions<K extends TokenKind = TokenKind, T = unknown> = Omit<
  ProfileOptions<K, T>,
  'kind'
> & { readonly kind: K }

/**
 * `defineProfile` for a kind that is known by its name alone, as where it comes from a configuration. It brings the
 * whole table along. Throws `policy/profile` for a name of none, and what `defineProfile` throws.
 *
 * @example
 * ```ts
 * const proofs = defineProfileByName({ kind: 'dpop-proof', issuer: null, audience: null })
 * ```
 */
export function defineProfileByName<K extends TokenKind, T = unknown>(
  options: NamedProfileOptions<K, T>,
): Profile<K, T> {
  const { kind, ...rest } = options
  if (!Object.hasOwn(tokenKinds, kind))
    throw new PolicyError(
      'policy/profile',
      'Cannot define the profile: the option kind names no kind of token; pass one of tokenKinds',
    )
  return defineProfile<K, T>({ ...rest, kind: tokenKinds[kind] })
}
