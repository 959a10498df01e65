import { Writable } from 'node:stream'
import { createLog } from 'jotwarden'
import { expect, test } from 'vitest'

// An authorization code and the code of an error have one name: the one is a credential, the other what operators need.

test('createLog() keeps the code of an error readable, wherever it stands', () => {
  for (const code of [
    ...['store/busy', 'keystore/mismatch', 'oauth/invalid_grant', 'keyring/no-active-key'],
    ...['ENOSPC', 'ECONNRESET', 'ERR_SQLITE_ERROR', 'SQLITE_BUSY'],
  ])
    expect(lineOf({ code, error: { code, cause: { code } } })).toMatchObject({
      code,
      error: { code, cause: { code } },
    })
})

test('createLog() shows no authorization code, wherever it stands', () => {
  for (const code of [
    'SplxlOBeZQQYbYS6WxSbIA',
    'splx',
    'store/busy SplxlOBe',
    'a/B',
    'a/b/c',
    4711,
    'Ecode',
    `E${'A'.repeat(42)}`,
    'ERR_splx',
    ['store/busy'],
  ])
    expect(lineOf({ code, form: { code, more: { code } } })).toMatchObject({
      code: '[secret]',
      form: { code: '[secret]', more: { code: '[secret]' } },
    })
})

test('createLog() shows no other credential, even one that looks like the code of an error', () => {
  expect(lineOf({ password: 'store/busy', form: { token: 'store/busy' } })).toMatchObject({
    password: '[secret]',
    form: { token: '[secret]' },
  })
})

function lineOf(event: object): unknown {
  const lines: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  createLog({ level: 'info', format: 'json', stream }).info(event, 'it happened')
  expect(lines).toHaveLength(1)
  return JSON.parse(lines[0] ?? '')
}
