import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import next from 'next'

// Serves the application beside it on a free loopback port, which it prints, until its standard input ends

const dir = fileURLToPath(new URL('.', import.meta.url))
const app = next({ dev: true, dir, hostname: '127.0.0.1', quiet: true, turbopack: true })
await app.prepare()
const handle = app.getRequestHandler()
const server = createServer((request, response) => handle(request, response))
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))
process.stdin.on('end', () => process.exit(0)).resume()
