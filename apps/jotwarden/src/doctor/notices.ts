import { FAMILIAR_FOR } from '@jotwarden/authority'
import type { Configuration } from '../config/configuration.ts'
import type { Diagnosis } from './diagnosis.ts'

/** Whether events are kept long enough to tell a new network from one that was forgotten. */
export function noticeDiagnoses({ notices, events }: Configuration): readonly Diagnosis[] {
  if (notices.url === undefined || events.retention === null || events.retention >= FAMILIAR_FOR) return []
  return [
    {
      severity: 'warning',
      subject: 'events.retention',
      problem: 'is shorter than 90 days, so that people are told of networks that they have used before',
      remedy: 'Keep events for 90 days or more, or send no notices',
    },
  ]
}
