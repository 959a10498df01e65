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

/** The value, if it is a whole number within these. Throws `verifier/options`. */
export function wholeNumber(name: string, value: unknown, least: number, most: number): number {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value)
  throw invalid(name, 'is out of range', `pass a whole number from ${least} to ${most}`)
}

/** An option misspelt would leave out what it asks for. Throws `verifier/options`. */
export function refuseUnknownNames(option: string, given: object, known: ReadonlySet<string>): void {
  for (const name of Object.keys(given))
    if (!known.has(name))
      throw invalid(`${option}${name}`, 'is not known', `use one of ${[...known].join(', ')}`)
}
