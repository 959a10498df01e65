import type { Configuration } from '../config/configuration.ts'
import { checkPages, colourNotes } from '../config/pages.ts'
import { configurationDiagnoses } from './configuration-findings.ts'
import type { Diagnosis } from './diagnosis.ts'

/** What is wrong with the logo, and what becomes of the accent colour. */
export function pageDiagnoses(configuration: Configuration): readonly Diagnosis[] {
  const notes = colourNotes(configuration).map(({ key, text }): Diagnosis => {
    return {
      severity: 'note',
      subject: key,
      problem: text,
      remedy: 'Choose another colour to have it otherwise',
    }
  })
  return [...configurationDiagnoses(checkPages(configuration)), ...notes]
}
