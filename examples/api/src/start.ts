import { serve } from '@hono/node-server'
import { createApi } from './api.ts'

// Runs the API alone: ISSUER=http://127.0.0.1:8420 node --conditions=jotwarden-source examples/api/src/start.ts
const port = Number(process.env.PORT ?? 8422)
const audience = process.env.AUDIENCE ?? `http://127.0.0.1:${port}`
const issuer = process.env.ISSUER ?? 'http://127.0.0.1:8420'
const clientId = process.env.CLIENT_ID
const clientSecret = process.env.CLIENT_SECRET
const revocation = clientId !== undefined && clientSecret !== undefined ? { clientId, clientSecret } : null

serve({ fetch: createApi({ issuer, audience, revocation }).fetch, hostname: '127.0.0.1', port }, () => {
  console.log(`The sample API answers on ${audience}/orders and takes tokens of ${issuer}`)
})
