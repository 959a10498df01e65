import {
  accountRecordsSuite,
  clientStoreSuite,
  codeStoreSuite,
  consentStoreSuite,
  type Driver,
  eventStoreSuite,
  holderRecordsSuite,
  keyRecordsSuite,
  loginStoreSuite,
  revocationLogSuite,
  sessionStoreSuite,
  storesSuite,
} from '@jotwarden/conformance'
import { createMemoryStores } from '@jotwarden/store-memory'
import { test } from 'vitest'

const memory: Driver = { open: async () => createMemoryStores() }

for (const suite of [
  clientStoreSuite,
  accountRecordsSuite,
  loginStoreSuite,
  revocationLogSuite,
  consentStoreSuite,
  codeStoreSuite,
  sessionStoreSuite,
  eventStoreSuite,
  holderRecordsSuite,
  keyRecordsSuite,
  storesSuite,
]) {
  suite(memory, { test })
}
