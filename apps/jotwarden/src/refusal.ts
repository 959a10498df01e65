/** How a command failed: `refused` ends with 1, `misuse` with 2. */
export type RefusalKind = 'refused' | 'misuse'

/** What a command answers instead of doing the act. `message` and `remedy` are for people and never hold a secret. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly remedy: string | undefined

  constructor(kind: RefusalKind, message: string, options: ErrorOptions & { readonly remedy?: string } = {}) {
    super(message, options)
    this.name = 'Refusal'
    this.kind = kind
    this.remedy = options.remedy
  }
}
