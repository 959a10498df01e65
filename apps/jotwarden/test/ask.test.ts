import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { askNewPassword } from '../src/output/ask.ts'

test('askNewPassword() announces the shortest length, and refuses a shorter one before it asks again', async () => {
  const stdin = new PassThrough()
  const stderr = new PassThrough()
  let shown = ''
  stderr.on('data', (chunk) => {
    shown += chunk
  })
  const terminal = { stdin, stdout: new PassThrough(), stderr, environment: {}, folder: '.' }
  const asked = askNewPassword(terminal)
  await said('12 characters or more')
  stdin.write('short')
  stdin.write('\r')
  await said('It must have 12 characters or more')
  expect(shown).not.toContain('The same again')
  stdin.write('-and-longer')
  stdin.write('\r')
  await said('The same again')
  stdin.write('short-and-longer')
  stdin.write('\r')
  expect((await asked).revealText()).toBe('short-and-longer')
  expect(shown).not.toContain('short')

  function said(text: string): Promise<void> {
    return expect.poll(() => shown).toContain(text)
  }
})
