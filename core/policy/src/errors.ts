/**
 * What a {@link PolicyError} can be about: a profile, demands, a scope text, the time given to `decide` or `demand`,
 * a schema that cannot be asked, or a line of a revocation feed.
 */
export type PolicyErrorCode =
  | 'policy/profile'
  | 'policy/demands'
  | 'policy/scope'
  | 'policy/now'
  | 'policy/schema'
  | 'policy/feed'

/** Wrong use of this package. What a token does wrong is never thrown: it is a `Decision`. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly code: PolicyErrorCode

  constructor(code: PolicyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
