import type { CliErrorCode } from '../../output/report-error.ts'
import type { Explanation } from '../explanation.ts'

/** What the command itself says. */
export const cliRows: Readonly<Record<CliErrorCode, Explanation>> = {
  'cli/misuse': {
    means: 'The command was given words that it does not take. It did nothing, and ends with 2.',
    matters: 'A mistyped option that is ignored does something else than was meant.',
    sources: [],
    mend: 'Run it with --help.',
  },
  'cli/refused': {
    means: 'The command did not do what it was asked for, and ends with 1.',
    matters: 'The message says why, and the line below it what to do.',
    sources: [],
    mend: 'Follow the message. `jotwarden doctor` looks at the whole.',
  },
  'cli/unexpected': {
    means: 'Something failed that nobody foresaw; the message has the stack.',
    matters: 'It is a fault of this software.',
    sources: [],
    mend: 'Report it with the message. It holds no secret.',
  },
}
