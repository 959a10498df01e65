import { type Holding, opensKeys, remainingSteps, type SecretFacts } from '@jotwarden/authority'
import { formatMoment } from '../output/moment.ts'
import { shellWord } from '../output/shell-word.ts'
import type { Diagnosis } from './diagnosis.ts'

/** Whether anybody left whose secrets still work, and whether anybody is known to hold the key-encryption key. */
export function holderDiagnoses(holdings: readonly Holding[], facts: SecretFacts): readonly Diagnosis[] {
  const leavers = new Map(holdings.filter(isUnsettled).map((held) => [held.holder, held]))
  const diagnoses = [...leavers.values()].map(({ holder, offboardedAt }): Diagnosis => {
    const own = holdings.filter((held) => held.holder === holder)
    const open = own.filter((held) => remainingSteps(held, facts).length > 0).map(({ secret }) => secret)
    const left = `left ${formatMoment(offboardedAt ?? 0)}`
    return {
      severity: open.length === 0 ? 'note' : 'warning',
      subject: `holders: ${holder}`,
      problem:
        open.length === 0
          ? `${left}, and nothing that they knew works any more`
          : `${left}, and what they knew still works: ${open.join(', ')}`,
      remedy: `Run \`jotwarden keys offboard ${shellWord(holder)}\`, which ${open.length === 0 ? 'closes the matter' : 'says what remains'}`,
    }
  })
  const isKnown = holdings.some(({ secret, offboardedAt }) => opensKeys(secret) && offboardedAt === null)
  return isKnown ? diagnoses : [...diagnoses, NOBODY]
}

function isUnsettled({ offboardedAt, settledAt }: Holding): boolean {
  return offboardedAt !== null && settledAt === null
}

const NOBODY: Diagnosis = {
  severity: 'note',
  subject: 'holders',
  problem: 'has nobody on record for the key-encryption key, so that nobody will think of it when they leave',
  remedy: 'Run `jotwarden keys holders add NAME --holds kek` for each person who can read it or its backup',
}
