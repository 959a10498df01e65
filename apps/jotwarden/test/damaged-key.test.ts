import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { initialisedFolder } from './initialised-folder.ts'
import { jotwarden } from './jotwarden-process.ts'

test.each([
  ['was changed', "substr(wrapped, 1, length(wrapped) - 8) || 'AAAAAAAA'", 'keystore/unwrap'],
  ['is gone', 'NULL', 'keystore/destroyed'],
])(
  'when the private part of the active key %s, the server names the way out, and it works',
  async (_, wrapped, code) => {
    const folder = await initialisedFolder()
    const run = (...words: readonly string[]) => jotwarden(words, { folder })
    expect((await run('keys', 'rotate')).code).toBe(1)
    const database = new DatabaseSync(join(folder, 'data', 'jotwarden.db'))
    database.exec(`UPDATE keys SET wrapped = ${wrapped} WHERE purpose = 'token-signing' AND state = 'active'`)
    database.close()
    const refused = JSON.parse((await run('serve', '--json')).stderr)
    expect(refused.error).toMatchObject({ code, remedy: expect.stringContaining('keys replace-lost') })
    const replaced = await run('keys', 'replace-lost', '--yes', '--json')
    expect(JSON.parse(replaced.stdout)).toMatchObject({
      outcome: 'replaced',
      ended: [{ purpose: 'token-signing' }],
    })
    expect((await run('keys', 'rotate')).code).toBe(1)
  },
)
