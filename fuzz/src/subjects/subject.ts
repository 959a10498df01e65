/** `accept`, or why not: our code or reason, or whatever name a rival gives its refusal. */
export type Verdict = string

export const ACCEPT = 'accept'

/** Judges tokens of one algorithm, at one moment. */
export type Subject = (token: string) => Verdict | Promise<Verdict>
