/** How bad it is: an error hurts now or at the next start, a warning will, a note is good to know. */
export type Severity = 'error' | 'warning' | 'note'

/** Something that was found: of what, what is wrong with it, and what to do. */
export interface Diagnosis {
  readonly severity: Severity
  readonly subject: string
  readonly problem: string
  readonly remedy: string
}

/** The worst first; of one severity in the order in which they were found. */
export function worstFirst(diagnoses: readonly Diagnosis[]): readonly Diagnosis[] {
  return diagnoses.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))
}

/** Whether somebody should act on it. */
export function isSerious({ severity }: Diagnosis): boolean {
  return severity !== 'note'
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note']
