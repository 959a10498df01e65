import { get } from 'node:http'
import { createInterface } from 'node:readline'
import { setImmediate } from 'node:timers/promises'
import { createVerifier, type Verifier } from '@jotwarden/verifier'
import { followRevocations } from '@jotwarden/verifier/revocation'
import { answerOrders, steadyMilliseconds } from './worker.ts'

// An API: accepts one token again and again until it is refused, and says when it accepted it last.

let verifier: Verifier
const said = new Set<string>()

answerOrders({
  async open({ issuer, audience, reader }: Opening) {
    verifier = createVerifier({ issuer, audience, revocation: followRevocations(reader) })
    await verifier.ready()
    await bareLines(issuer)
  },
  async watch({ token }: { token: string }) {
    await verifier.verify(token)
    watched = lastAcceptance(async () => {
      await verifier.verify(token)
    })
  },
  watchBare({ text }: { text: string }) {
    watched = lastAcceptance(async () => {
      if (said.has(text)) throw new Error('It is said')
    })
  },
  watched: async () => ({ acceptedAt: await watched }),
  close: () => verifier.close(),
})
process.once('disconnect', () => process.exit(0))

interface Opening {
  readonly issuer: string
  readonly audience: string
  readonly reader: { readonly clientId: string; readonly clientSecret: string }
}

let watched: Promise<number> = Promise.resolve(0)

async function lastAcceptance(accept: () => Promise<void>): Promise<number> {
  let acceptedAt = steadyMilliseconds()
  const deadline = acceptedAt + 30_000
  for (;;) {
    try {
      await accept()
    } catch {
      return acceptedAt
    }
    acceptedAt = steadyMilliseconds()
    if (acceptedAt > deadline) throw new Error('Cannot go on: the token is accepted after 30 seconds')
    await setImmediate()
  }
}

function bareLines(issuer: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(`${issuer}/bare`, (answer) => {
      // The authority goes first: what is cut off then is no failure
      createInterface({ input: answer })
        .on('line', (line) => said.add(line))
        .on('error', () => undefined)
      resolve()
    })
      .on('error', reject)
      .end()
  })
}
