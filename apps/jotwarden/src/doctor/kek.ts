import type { KeyRecord } from '@jotwarden/keyring'
import type { Keks } from '@jotwarden/keystore-file'
import type { Configuration } from '../config/configuration.ts'
import { kekIdOf } from '../state/kek-id.ts'
import type { Diagnosis } from './diagnosis.ts'

/** Whether a key-encryption key that was replaced is still at hand, and what needs it. */
export function kekDiagnoses(
  [, ...others]: Keks,
  records: readonly KeyRecord[],
  { kek_file: file }: Configuration['keys'],
): readonly Diagnosis[] {
  const [first] = others
  if (first === undefined) return []
  const held = new Set(others.map(({ id }) => id))
  const under = records.filter((record) => held.has(kekIdOf(record) ?? '')).length
  return [
    {
      severity: 'warning',
      subject: file === undefined ? 'keys.previous_kek_env' : 'keys.kek_file',
      problem:
        under === 0
          ? `still gives the key-encryption key ${first.id}, under which there is nothing`
          : `gives a key-encryption key that was replaced, and ${under} keys are still under it: that was left halfway`,
      remedy:
        under === 0 && file === undefined
          ? 'Take the entry and its variable away, once no server works with that key first'
          : 'Run `jotwarden keys rewrap`',
    },
  ]
}
