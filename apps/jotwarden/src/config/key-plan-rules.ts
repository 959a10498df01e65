import type { Finding } from './finding.ts'
import type { KnownValues } from './rules.ts'

/** A key has to be replaced well before it may no longer be used, or there is a while in which nothing is signed. */
export function keyPlanRules(known: KnownValues): readonly Finding[] {
  const [period, most, ...ways] = SETTINGS.map((key) => known[key]?.value).filter(
    (value) => typeof value === 'number',
  )
  if (period === undefined || most === undefined || ways.length < SETTINGS.length - 2) return []
  const least = ways.reduce((sum, way) => sum + way, period + REPLACING)
  if (least <= most) return []
  return [
    {
      key: 'keys.rotation_period',
      source: known['keys.rotation_period']?.source ?? { from: 'default' },
      problem: `is ${period} s: with the time that a successor needs, ${least} s, that is longer than keys.cryptoperiod with ${most} s, after which a key may not sign`,
      remedy: 'Make rotation_period shorter, or cryptoperiod longer: 730 days at most',
    },
  ]
}

const SETTINGS = [
  'keys.rotation_period',
  'keys.cryptoperiod',
  'keys.jwks_max_age',
  'keys.propagation',
  'keys.clock_skew',
] as const
/** Seconds in which every server has looked after the keys and read them again. */
const REPLACING = 300
