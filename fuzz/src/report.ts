import type { FuzzReport, Unnamed } from './fuzz.ts'
import { rules } from './rules/rules.ts'

/** The report for people. */
export function textOf(report: FuzzReport): string {
  const width = Math.max(...rules.map(({ name }) => name.length))
  const lines = rules.map(
    ({ name, accepted, reason }) =>
      `  ${name.padEnd(width)}  ${String(report.rules[name] ?? 0).padStart(7)}  accepted ${accepted}. ${reason}`,
  )
  return [
    `seed ${report.seed}: ${report.specimens} tokens, ${report.accepted} of them accepted by us`,
    ...lines,
    ...report.unnamed.map(unnamedText),
    ...report.faults.map(
      ({ entry, seed, number, input, error }) =>
        `\n${entry} threw what it may not (seed ${seed}, number ${number})\n  ${error}\n  input: ${input}`,
    ),
    `${report.unnamed.length} disagreements without a name, ${report.faults.length} functions that are not total`,
  ].join('\n')
}

/** Test keys made the token, so it may be shown. */
function unnamedText({ seed, number, alg, steps, token, between, ours, theirs }: Unnamed): string {
  return [
    `\nno rule names this: ${between}, seed ${seed}, number ${number}`,
    `  a good token of ${alg}${steps.map((step) => `, then ${step}`).join('')}`,
    `  ours: ${ours}, theirs: ${theirs}`,
    `  ${token.length > LONGEST_SHOWN ? `${token.slice(0, LONGEST_SHOWN)}… (${token.length} characters)` : token}`,
  ].join('\n')
}

const LONGEST_SHOWN = 2_000
