import { accountStoreSuite, passwordHasherSuite } from '@jotwarden/conformance'
import { test } from 'vitest'
import { hasherOf, household, queueLimit } from './household.ts'

passwordHasherSuite(
  {
    open: async () => hasherOf({ m: 512, t: 2, p: 1 }),
    openOlder: async () => hasherOf({ m: 256, t: 2, p: 1 }),
    queueLimit,
  },
  { test },
)

// Costly enough for its time to stand out from everything around it.
accountStoreSuite({ open: () => household(hasherOf({ m: 8192, t: 2, p: 1 })), queueLimit }, { test })
