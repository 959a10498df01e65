import type { Draft, Stage } from '../draft.ts'
import type { SeededRandom } from '../random.ts'

/** One way to spoil a token, or to write it in another way. */
export interface Mutation {
  readonly name: string
  readonly stage: Stage
  /** Changes the draft, and says what it did. */
  apply(draft: Draft, random: SeededRandom): string
}
