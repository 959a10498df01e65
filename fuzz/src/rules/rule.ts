import type { Examined } from '../examine.ts'

export type Rival = 'jose' | 'fast-jwt'

/** Why one side accepts what the other refuses: a disagreement that is known, meant, and has a name. */
export interface Rule {
  readonly name: string
  readonly accepted: 'by them alone' | 'by us alone'
  readonly rivals: readonly Rival[]
  /** How the refusing side says it, exactly. */
  readonly refusal: readonly string[]
  /** What the token must be like; nothing else excuses a disagreement. */
  readonly holds: (token: Examined) => boolean
  readonly reason: string
  readonly source: string
}
