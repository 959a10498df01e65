import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { KeyEncryptionKey, KeyStoreError, kekFromText, openKekFile } from '@jotwarden/keystore-file'
import { Secret } from '@jotwarden/token'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

describe('openKekFile() with create', () => {
  test('makes a file of mode 0600 with 32 bytes in base64url and nothing beside it', () => {
    openKekFile(path, { create: true, requireMode: true })
    expect(statSync(path).mode & 0o7777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toMatch(/^[\w-]{43}\n$/)
    expect(readdirSync(folder)).toEqual(['kek'])
  })

  test('makes mode 0600 under a umask that would give away more, or less', () => {
    for (const mask of [0o000, 0o077]) {
      const before = process.umask(mask)
      try {
        const made = join(folder, `kek-${mask}`)
        openKekFile(made, { create: true, requireMode: true })
        expect(statSync(made).mode & 0o7777).toBe(0o600)
      } finally {
        process.umask(before)
      }
    }
  })

  test('makes a different key each time, and opens the one that is there', () => {
    const [first] = openKekFile(path, { create: true, requireMode: true })
    const [other] = openKekFile(join(folder, 'other'), { create: true, requireMode: true })
    expect(openKekFile(path, { create: true, requireMode: true })[0].id).toBe(first.id)
    expect(openKekFile(path, { create: false, requireMode: true })[0].id).toBe(first.id)
    expect(other.id).not.toBe(first.id)
  })

  test('never replaces a file it cannot use', () => {
    writeFileSync(path, 'half a ke', { mode: 0o600 })
    expect(refusal({ create: true })).toBe('keystore/kek-malformed')
    expect(readFileSync(path, 'utf8')).toBe('half a ke')
  })

  test('says that the folder is missing, and leaves no draft', () => {
    expect(refusal({ create: true }, join(folder, 'none', 'kek'))).toBe('keystore/kek-file')
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('openKekFile() refuses', () => {
  test('a missing file, and does not make it', () => {
    expect(refusal({ create: false })).toBe('keystore/kek-missing')
    expect(existsSync(path)).toBe(false)
  })

  for (const mode of [0o640, 0o604, 0o660, 0o644, 0o666, 0o601, 0o610])
    test(`mode ${mode.toString(8)}, with the command that mends it`, () => {
      openKekFile(path, { create: true, requireMode: true })
      chmodSync(path, mode)
      expect(refusal({ create: false })).toBe('keystore/kek-mode')
      expect(refusalMessage()).toContain('chmod 600')
    })

  test('a symbolic link, even to a good file', () => {
    openKekFile(path, { create: true, requireMode: true })
    const link = join(folder, 'link')
    symlinkSync(path, link)
    expect(refusal({ create: false }, link)).toBe('keystore/kek-link')
    expect(refusal({ create: true }, link)).toBe('keystore/kek-link')
  })

  test('a dangling symbolic link, without making its target', () => {
    const link = join(folder, 'link')
    symlinkSync(path, link)
    expect(refusal({ create: true }, link)).toBe('keystore/kek-link')
    expect(existsSync(path)).toBe(false)
  })

  test('a folder', () => {
    mkdirSync(path, { mode: 0o700 })
    expect(refusal({ create: true })).toBe('keystore/kek-file')
  })

  test.skipIf(process.geteuid?.() !== 0)('a file of another user (only root can set this up)', () => {
    openKekFile(path, { create: true, requireMode: true })
    chownSync(path, 65534, 65534)
    expect(refusal({ create: false })).toBe('keystore/kek-owner')
  })

  const malformed = [
    ['an empty file', ''],
    ['31 bytes', Buffer.alloc(31, 7).toString('base64url')],
    ['33 bytes', Buffer.alloc(33, 7).toString('base64url')],
    ['padding', `${Buffer.alloc(32, 7).toString('base64url')}=`],
    ['plain base64', Buffer.alloc(32, 0xff).toString('base64')],
    ['loose last bits', `${'A'.repeat(42)}B`],
    ['two keys on a line', `${Buffer.alloc(32, 7).toString('base64url')} `.repeat(2)],
    ['a key and something else', `${Buffer.alloc(32, 7).toString('base64url')}\nold\n`],
    [
      'more keys than anybody has',
      Array.from({ length: 12 }, (_, n) => `${Buffer.alloc(32, n).toString('base64url')}\n`).join(''),
    ],
  ] as const
  for (const [name, text] of malformed)
    test(`${name}, without quoting it`, () => {
      writeFileSync(path, text, { mode: 0o600 })
      expect(refusal({ create: false })).toBe('keystore/kek-malformed')
      if (text !== '') expect(refusalMessage()).not.toContain(text.trim())
    })
})

describe('openKekFile() accepts', () => {
  test('mode 0400, a line end or none', () => {
    const text = Buffer.alloc(32, 7).toString('base64url')
    for (const [name, content] of [
      ['bare', text],
      ['line', `${text}\n`],
      ['crlf', `${text}\r\n`],
    ] as const) {
      writeFileSync(join(folder, name), content, { mode: 0o400 })
      const [kek] = openKekFile(join(folder, name), { create: false, requireMode: true })
      expect(kek.id).toBe(kekFromText(Secret.fromText(text)).id)
    }
  })

  test('some keys, a line each; the first wraps', () => {
    const [first, second] = [1, 2].map((fill) => Buffer.alloc(32, fill).toString('base64url'))
    writeFileSync(path, `${first}\n\n${second}\n${first}\n`, { mode: 0o600 })
    const keks = openKekFile(path, { create: false, requireMode: true })
    expect(keks.map(({ id }) => id)).toEqual(
      [first, second].map((text) => kekFromText(Secret.fromText(text ?? '')).id),
    )
  })

  test('a hard link, which is the file itself', () => {
    const [made] = openKekFile(path, { create: true, requireMode: true })
    linkSync(path, join(folder, 'again'))
    expect(openKekFile(join(folder, 'again'), { create: false, requireMode: true })[0].id).toBe(made.id)
  })
})

describe('KeyEncryptionKey', () => {
  test('shows neither itself nor its bytes when printed', () => {
    const bytes = Buffer.alloc(32, 0x41)
    const kek = kekFromText(Secret.fromText(bytes.toString('base64url')))
    for (const shown of [inspect(kek, { depth: 9, showHidden: true }), JSON.stringify(kek)]) {
      for (const form of ['hex', 'base64', 'base64url', 'latin1'] as const)
        expect(shown).not.toContain(bytes.toString(form))
      expect(shown).not.toMatch(/(65|41)[, ]+(65|41)/)
    }
  })

  test('takes 32 bytes only', () => {
    for (const length of [0, 16, 31, 33, 64])
      expect(() => new KeyEncryptionKey(new Uint8Array(length))).toThrow(KeyStoreError)
  })
})

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jotwarden-kek-'))
  path = join(folder, 'kek')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function refusal({ create }: { readonly create: boolean }, file = path): string | undefined {
  try {
    openKekFile(file, { create, requireMode: true })
    return undefined
  } catch (error) {
    return error instanceof KeyStoreError ? error.code : `not ours: ${String(error)}`
  }
}

function refusalMessage(): string {
  try {
    openKekFile(path, { create: false, requireMode: true })
    return ''
  } catch (error) {
    return inspect(error)
  }
}
