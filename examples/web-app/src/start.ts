import { serve } from '@hono/node-server'
import { createWebApp } from './web-app.ts'

// Runs the web app alone, against an authority and an API that run already.
const port = Number(process.env.PORT ?? 8421)
const url = `http://127.0.0.1:${port}`
const clientSecret = process.env.CLIENT_SECRET
if (clientSecret === undefined)
  throw new Error('Cannot start: CLIENT_SECRET is missing; it is what `jotwarden clients add` printed')

const app = createWebApp({
  url,
  issuer: process.env.ISSUER ?? 'http://127.0.0.1:8420',
  clientId: process.env.CLIENT_ID ?? 'dev-web',
  clientSecret,
  api: process.env.API ?? 'http://127.0.0.1:8422',
})
serve({ fetch: app, hostname: '127.0.0.1', port }, () => console.log(`The sample web app answers on ${url}`))
