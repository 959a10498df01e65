/** What one code tells the person who meets it. Whole sentences, plain words, no secret. */
export interface Explanation {
  /** What happened. */
  readonly means: string
  /** Why it is refused, or what would go wrong otherwise. */
  readonly matters: string
  /** Where that is written, and public failures of the same class. Only identifiers that were looked up. */
  readonly sources: readonly Source[]
  /** What to do now. */
  readonly mend: string
}

/** A clause, a public failure, or a decision of this repository. */
export type Source =
  | `RFC ${number}`
  | `RFC ${number} §${string}`
  | `CVE-${number}-${string}`
  | `CWE-${number}`
  | `NIST SP ${string}`
  | `OpenID Connect ${string}`
  | `decision ${string}`

/** A row as `explain` gives it. */
export interface ExplainedCode extends Explanation {
  readonly code: string
  /** The package that says it. */
  readonly package: string
}
