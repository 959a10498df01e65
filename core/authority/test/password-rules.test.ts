import { createLocalAccounts } from '@jotwarden/authority'
import { createMemoryStores } from '@jotwarden/store-memory'
import { Secret } from '@jotwarden/token'
import { expect, test } from 'vitest'

const LISTED = new Set(['qwertyuiop12', 'password', 'letmein', 'sunshine'])
const TRIED_FIRST = 'it is one of the passwords that are tried first'
const NAME = 'it is a name that others know'
const PATTERN = 'it is a few characters over and over'

const REFUSED: readonly (readonly [string, string])[] = [
  ['qwertyuiop12', TRIED_FIRST],
  ['QWERTYuiop12', TRIED_FIRST],
  ['password1234', TRIED_FIRST],
  ['2026letmein!!', TRIED_FIRST],
  ['PasswordPassword', TRIED_FIRST],
  ['sunshinesunshine99', TRIED_FIRST],
  ['sunshine sunshine', TRIED_FIRST],
  ['ada.lovelace', NAME],
  ['Ada Lovelace', NAME],
  ['adalovelace1815', NAME],
  ['countess@example.com', NAME],
  ['auth.example.com', NAME],
  ['https://auth.example.com', NAME],
  ['aaaaaaaaaaaa', PATTERN],
  ['abcabcabcabc', PATTERN],
  ['121212121212', PATTERN],
]

for (const [password, reason] of REFUSED) {
  test(`add() and changePassword() refuse ${password}: ${reason}`, async () => {
    const accounts = household()
    const message = `Cannot take the password: ${reason}`
    await expect(accounts.add(person(password))).rejects.toThrow(message)
    await accounts.add(person('correct horse battery'))
    await expect(accounts.changePassword('ada.lovelace', Secret.fromText(password))).rejects.toThrow(message)
  })
}

for (const password of [
  'correct horse battery',
  'my password is long',
  'ada was here first',
  'aaaaabaaaaab!c',
])
  test(`add() takes ${password}`, async () => {
    expect((await household().add(person(password))).username).toBe('ada.lovelace')
  })

test('the message never holds the password', async () => {
  const refused = household().add(person('password1234'))
  await expect(refused).rejects.not.toThrow('password1234')
})

function person(password: string) {
  return {
    username: 'ada.lovelace',
    name: 'Ada Lovelace',
    email: 'countess@example.com',
    password: Secret.fromText(password),
  }
}

function household() {
  return createLocalAccounts({
    issuer: 'https://auth.example.com',
    records: createMemoryStores().accounts,
    clock: { now: () => 1_800_000_000 },
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    isCommonPassword: (password) => LISTED.has(password),
    hasher: { hash: async () => 'hash', verify: async () => 'mismatch', close: async () => {} },
  })
}
