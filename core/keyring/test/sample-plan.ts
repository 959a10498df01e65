import type { KeyPlan } from '@jotwarden/keyring'

/** The plan of an authority that leaves everything at its default. */
export const plan: KeyPlan = {
  jwksMaxAge: 300,
  propagation: 60,
  skew: 60,
  lease: 15,
  purposes: {
    'token-signing': { rotationPeriod: 30 * 86_400, longestLife: 28_800 },
    'refresh-mac': { rotationPeriod: 30 * 86_400, longestLife: 604_800 },
    sealing: { rotationPeriod: 7 * 86_400, longestLife: 86_400 },
  },
}
