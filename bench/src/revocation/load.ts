import { answerOrders, steadyMilliseconds } from './worker.ts'

// What an authority has to do beside: tokens for a service, and refreshes, so many at a time, until it is told to stop.

let running = false
let answered = 0
let failed = 0
let since = 0

answerOrders({
  begin({ issuer, service, app, refreshToken, callers }: Order) {
    running = true
    since = steadyMilliseconds()
    const basic = Buffer.from(`${service.clientId}:${service.clientSecret}`).toString('base64')
    for (let caller = 0; caller < callers; caller += 1) {
      if (caller % 2 === 0)
        void call(issuer, { grant_type: 'client_credentials' }, { authorization: `Basic ${basic}` })
      else void call(issuer, { grant_type: 'refresh_token', client_id: app, refresh_token: refreshToken }, {})
    }
  },
  end() {
    running = false
    return { rate: answered / ((steadyMilliseconds() - since) / 1000), failed }
  },
})
process.once('disconnect', () => process.exit(0))

interface Order {
  readonly issuer: string
  readonly service: { readonly clientId: string; readonly clientSecret: string }
  readonly app: string
  readonly refreshToken: string
  readonly callers: number
}

async function call(
  issuer: string,
  values: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  while (running) {
    const answer = await fetch(`${issuer}/token`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(values),
    })
    await answer.arrayBuffer()
    // Marks on client and issuer end the session that is refreshed: then the refusal is the work, and in time the wait
    const isRefused = values.refresh_token !== undefined && [400, 429].includes(answer.status)
    if (answer.status === 200 || isRefused) answered += 1
    else failed += 1
  }
}
