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
import { openSqliteStores } from '@jotwarden/store-sqlite'
import { test } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

const folder = temporaryFolder()
let files = 0

const sqlite: Driver = {
  open() {
    files += 1
    return openSqliteStores({ path: `${folder}/${files}.db` })
  },
  openAgain: () => openSqliteStores({ path: `${folder}/${files}.db` }),
}

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
  suite(sqlite, { test })
}
