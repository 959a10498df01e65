import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'

test('openKekFile(): of racing processes one makes the file and all open the same key', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'jotwarden-kek-'))
  const racers = Array.from({ length: 4 }, () => racer(folder))
  try {
    await Promise.all(racers.map(({ ready }) => ready))
    for (const { child } of racers) child.send('go')
    const made = (await Promise.all(racers.map(({ ids }) => ids))).map((ids) => ids.split(' '))
    for (const ids of made) expect(ids).toEqual(made[0])
    expect(new Set(made[0]).size).toBe(rounds)
    expect(readdirSync(folder)).toHaveLength(rounds)
  } finally {
    for (const { child } of racers) child.kill()
    rmSync(folder, { recursive: true, force: true })
  }
})

interface Racer {
  readonly child: ChildProcess
  readonly ready: Promise<unknown>
  readonly ids: Promise<string>
}

/** A process that says when it is ready and then opens one file after another. */
function racer(folder: string): Racer {
  const script = `import { openKekFile } from '@jotwarden/keystore-file'
    process.once('message', () => {
      const ids = Array.from({ length: ${rounds} }, (_, n) =>
        openKekFile(process.argv[1] + '/kek-' + n, { create: true, requireMode: true })[0].id)
      process.stdout.write(ids.join(' '), () => process.exit())
    })
    process.send('ready')`
  const child = spawn(
    process.execPath,
    ['--conditions=jotwarden-source', '--input-type=module', '--eval', script, folder],
    { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  )
  if (child.stdout === null) throw new Error('Cannot test: the process has no output')
  return { child, ready: once(child, 'message'), ids: text(child.stdout) }
}

const rounds = 25
