import type { Client } from '@jotwarden/authority'
import type { Configuration } from '../config/configuration.ts'
import type { Diagnosis } from './diagnosis.ts'

/** Whether the API of each resource can follow revocations, for which it needs a client of its own. */
export function readerDiagnoses(
  { resources }: Configuration,
  clients: readonly Client[],
): readonly Diagnosis[] {
  if (resources.length === 0)
    return [
      {
        severity: 'note',
        subject: 'resources',
        problem: 'are none: access tokens are for the authority alone',
        remedy: 'Declare your APIs under [[resources]]',
      },
    ]
  return resources
    .filter(({ identifier }) => !clients.some(({ resource }) => resource === identifier))
    .map(({ identifier, name }) => ({
      severity: 'warning',
      subject: 'resources',
      problem: `${identifier} has no client that reads revocations: its API accepts tokens that were taken back until they expire`,
      remedy: `Run \`jotwarden clients add ${JSON.stringify(name)} --resource ${identifier}\` and give its secret to the verifier`,
    }))
}
