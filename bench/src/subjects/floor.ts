import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { ACCESS_TOKEN_SECONDS, basicHeaders, FORM_HEADERS, RESOURCE, SCOPE, SUBJECT } from './fixture.ts'
import { listening, serveSubject } from './serve-subject.ts'

// The least a token endpoint can do: read the form, sign, answer. It keeps nothing and refuses nothing.

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const withIdToken = process.argv.includes('--id-token')

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => answer(request, response, Buffer.concat(chunks).toString('latin1')))
})

function answer(request: IncomingMessage, response: ServerResponse, body: string): void {
  const form = new Map<string, string>()
  for (const pair of body.split('&')) {
    const cut = pair.indexOf('=')
    form.set(pair.slice(0, cut), decodeURIComponent(pair.slice(cut + 1)))
  }
  const refreshes = form.get('grant_type') === 'refresh_token'
  const client = refreshes ? form.get('client_id') : basicUser(request.headers.authorization)
  const now = Math.floor(Date.now() / 1000)
  const times = { iat: now, exp: now + ACCESS_TOKEN_SECONDS }
  const jti = randomBytes(16).toString('base64url')
  const sub = refreshes ? SUBJECT : client
  const text = JSON.stringify({
    access_token: jwt('at+jwt', {
      iss: ISSUER,
      sub,
      aud: RESOURCE,
      ...times,
      jti,
      client_id: client,
      scope: SCOPE,
    }),
    token_type: 'Bearer',
    expires_in: ACCESS_TOKEN_SECONDS,
    scope: SCOPE,
    ...(refreshes ? { refresh_token: `jwr_${randomBytes(60).toString('base64url')}` } : {}),
    ...(refreshes && withIdToken
      ? { id_token: jwt('JWT', { iss: ISSUER, sub, aud: client, ...times }) }
      : {}),
  })
  response.writeHead(200, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': Buffer.byteLength(text),
  })
  response.end(text)
}

function basicUser(header = ''): string {
  return Buffer.from(header.slice('Basic '.length), 'base64').toString('utf8').split(':')[0] ?? ''
}

function jwt(typ: string, claims: object): string {
  const input = `${encoded({ alg: 'ES256', typ, kid: 'floor' })}.${encoded(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const ISSUER = 'https://floor.example.com'

const port = await listening(server)
await serveSubject(
  port,
  {
    'client-credentials': {
      requests: { path: '/token', headers: basicHeaders('service', 'secret'), repeatable: true },
      bodies: () => [`grant_type=client_credentials&scope=${encodeURIComponent(SCOPE)}`],
    },
    refresh: {
      requests: { path: '/token', headers: FORM_HEADERS, repeatable: false },
      bodies: (count) =>
        Array.from(
          { length: count },
          () =>
            `grant_type=refresh_token&client_id=app&refresh_token=jwr_${randomBytes(60).toString('base64url')}`,
        ),
    },
  },
  () => void server.close(),
)
