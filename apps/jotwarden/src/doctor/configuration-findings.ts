import { describeSource, type Finding } from '../config/finding.ts'
import type { Diagnosis } from './diagnosis.ts'

/** What `config check` finds keeps the server from starting. */
export function configurationDiagnoses(findings: readonly Finding[]): readonly Diagnosis[] {
  return findings.map(({ key, source, problem, remedy }) => ({
    severity: 'error',
    subject: source.from === 'default' ? key : `${key} (${describeSource(source)})`,
    problem,
    remedy,
  }))
}
