import { accountStoreSuite, passwordHasherSuite } from '@jotwarden/conformance'
import { createImportedHasher } from '@jotwarden/hasher-imported'
import { describe, test } from 'vitest'
import { argon2Stand, household, queueLimit } from './household.ts'
import { PASSWORD, vectors } from './vectors.ts'

const hasherOf = async (m: number) =>
  createImportedHasher({ own: argon2Stand(m), costliest: async () => undefined, queueLimit })

passwordHasherSuite({ open: () => hasherOf(512), openOlder: () => hasherOf(256), queueLimit }, { test })

/** The same person enabled and disabled, with a hash that is far quicker than ours, and one that is far slower. */
const forms = {
  quick: '$pbkdf2-sha256$1$AAECAwQFBgcICQoLDA0ODw$zX43A0Zyyel.2/.Su6QI9VmjVd34yd7ZqG/ZqGYhSqU',
  bcrypt: vectors['bcrypt $2b$'],
}

for (const [name, hash] of Object.entries(forms))
  describe(`an account with a hash of the form ${name}`, () => {
    accountStoreSuite(
      {
        async open() {
          const { store, close } = await household([hash])
          const subjectOf = async (username: string) =>
            (await store.list()).find((account) => account.username === username)?.subject ?? ''
          const person = async (username: string) => {
            return { subject: await subjectOf(username), username, password: PASSWORD }
          }
          return { store, enabled: await person('enabled-0'), disabled: await person('disabled-0'), close }
        },
        queueLimit,
      },
      { test },
    )
  })
