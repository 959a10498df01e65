import { connect } from 'node:net'
import { Readable, Writable } from 'node:stream'
import { expect, onTestFinished, test } from 'vitest'
import { catchHangUps } from '../src/serve/hang-ups.ts'
import { serve } from '../src/serve/serve.ts'
import { initialisedFolder } from './initialised-folder.ts'
import { freePort } from './jotwarden-process.ts'

// In this process, since what a start is refused for has to come between its configuration and its socket.

test('serve() that is refused after its configuration was read leaves no socket open', async () => {
  keepSignals()
  const folder = await initialisedFolder()
  const port = await freePort()
  let readings = 0
  const environment = {
    JOTWARDEN_ISSUER: `http://127.0.0.1:${port}`,
    JOTWARDEN_SERVER_LISTEN: `127.0.0.1:${port}`,
    JOTWARDEN_NOTICES_URL: 'http://127.0.0.1:9/notices',
    JOTWARDEN_NOTICES_SECRET_ENV: 'HELD_ONCE',
    /** There for those who check the configuration, and gone afterwards. */
    get HELD_ONCE() {
      readings += 1
      return readings === 1 ? SECRET : ''
    },
  }
  const terminal = { stdin: Readable.from([]), stdout: nowhere(), stderr: nowhere(), environment, folder }
  const hangUps = catchHangUps()
  const options = { config: undefined, quiet: true, json: false }
  await expect(serve(terminal, options, hangUps)).rejects.toThrow('Cannot sign notices')
  expect(await answers(port)).toBe(false)
})

/** A start listens for signals, which this process must not go on to take for its own. */
function keepSignals(): void {
  const before = SIGNALS.map((signal) => [signal, process.listeners(signal)] as const)
  onTestFinished(() => {
    for (const [signal, kept] of before)
      for (const listener of process.listeners(signal))
        if (!kept.includes(listener)) process.off(signal, listener)
  })
}

async function answers(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1', () => resolve(true))
  socket.on('error', () => resolve(false))
  const isOpen = await promise
  socket.destroy()
  return isOpen
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
