import { VerifierError } from './errors.ts'

/** A wrongly set option: which, what is wrong with it, and what to do. */
export function invalid(option: string, state: string, remedy: string): VerifierError {
  return new VerifierError(
    'verifier/options',
    `Cannot create the verifier: the option ${option} ${state}; ${remedy}`,
  )
}

/** The value, if it is a number of seconds within these. Throws `verifier/options`. */
export function seconds(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value
  throw invalid(name, 'is out of range', `pass a number of seconds from ${least} to ${most}`)
}
