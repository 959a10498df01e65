import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { createVerifier } from '@jotwarden/verifier'
import { followRevocations } from '@jotwarden/verifier/revocation'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { freePort, jotwarden, serving, temporaryFolder } from './jotwarden-process.ts'

// The configuration for nginx in the guide, as it stands there but for names, files and ports

const guide = readFileSync(
  fileURLToPath(new URL('../../../docs/guides/first-day.md', import.meta.url)),
  'utf8',
)
const NGINX = '/usr/sbin/nginx'
const AUDIENCE = 'https://orders.example.com'
const folder = temporaryFolder()
let issuer = ''
let service = { client_id: '', client_secret: '' }
let api = { client_id: '', client_secret: '' }

test.skipIf(lacksNginx())(
  'docs/guides/first-day.md: behind nginx a token is issued, accepted, and taken back within a second',
  { timeout: 30_000 },
  async () => {
    const verifier = createVerifier({
      issuer,
      audience: AUDIENCE,
      revocation: followRevocations({ clientId: api.client_id, clientSecret: api.client_secret }),
    })
    onTestFinished(() => verifier.close())
    const { access_token: token } = await asked('/token', {
      ...service,
      grant_type: 'client_credentials',
      scope: 'orders:read',
    })
    expect((await verifier.verify(token)).clientId).toBe(service.client_id)
    await asked('/revoke', { ...service, token })
    await pause(1000)
    await expect(verifier.verify(token)).rejects.toMatchObject({ code: 'verifier/invalid-token' })
    expect(verifier.revocation?.state()).toBe('streaming')
  },
)

test.skipIf(lacksNginx())(
  'docs/guides/first-day.md: nginx tells the address of the caller, who cannot make one up',
  async () => {
    for (let wrong = 0; wrong < 21; wrong++) await refusedService(`203.0.113.${wrong}`)
    expect((await refusedService('198.51.100.7')).status).toBe(429)
  },
)

beforeAll(async () => {
  if (lacksNginx()) return
  const [outside, inside] = [await freePort(), await freePort()]
  issuer = `https://127.0.0.1:${outside}`
  await command(['init', '--issuer', issuer, '--listen', `127.0.0.1:${inside}`])
  const configuration = join(folder, 'jotwarden.toml')
  const resource = `identifier = "${AUDIENCE}"\nname = "Orders"\nscopes = { "orders:read" = "See your orders" }\n`
  writeFileSync(configuration, `${readFileSync(configuration, 'utf8')}\n[[resources]]\n${resource}`)
  const grant = ['--type', 'confidential', '--grant', 'client_credentials', '--scope', 'orders:read']
  service = await newClient('Night run', ...grant)
  api = await newClient('Orders API', '--resource', AUDIENCE)
  const authority = await serving([], { folder })
  const stopNginx = await startNginx(outside, inside)
  return async () => {
    await stopNginx()
    await authority.stop()
  }
})

async function command(words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await jotwarden(words, { folder })
  if (code !== 0) throw new Error(stderr)
  return stdout
}

async function newClient(name: string, ...words: readonly string[]) {
  const { client_id, client_secret } = JSON.parse(await command(['clients', 'add', name, ...words, '--json']))
  return { client_id, client_secret }
}

async function startNginx(outside: number, inside: number): Promise<() => Promise<void>> {
  makeCertificate()
  const block = /^```nginx\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? ''
  const server = block
    .replace('listen 443 ssl', `listen 127.0.0.1:${outside} ssl`)
    .replace('127.0.0.1:8420', `127.0.0.1:${inside}`)
    .replace('$host', '$http_host')
    .replaceAll(/\/etc\/letsencrypt\/live\/auth\.example\.com\//g, '')
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${name};`,
  )
  const frame = `daemon off; pid nginx.pid; error_log stderr;\nevents {}\nhttp { access_log off; ${places.join(' ')}\n${server} }\n`
  writeFileSync(join(folder, 'nginx.conf'), frame)
  const nginx = spawn(NGINX, ['-e', 'stderr', '-p', folder, '-c', 'nginx.conf'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  nginx.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = new Promise<void>((resolve) => nginx.on('close', () => resolve()))
  while (!(await answers())) {
    if (nginx.exitCode !== null) throw new Error(`nginx ended: ${said}`)
    await pause(20)
  }
  return async () => {
    nginx.kill('SIGTERM')
    await ended
  }
}

function makeCertificate(): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'privkey.pem']
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const words = ['req', '-x509', '-days', '1', ...key, ...subject, '-out', 'fullchain.pem']
  execFileSync('openssl', words, { cwd: folder, stdio: 'ignore' })
  setDefaultCACertificates([
    ...getCACertificates('default'),
    readFileSync(join(folder, 'fullchain.pem'), 'utf8'),
  ])
}

function answers(): Promise<boolean> {
  return fetch(`${issuer}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function asked(path: string, values: Readonly<Record<string, string>>) {
  const answer = await fetch(`${issuer}${path}`, { method: 'POST', body: new URLSearchParams(values) })
  expect(answer.status).toBe(200)
  return answer.json().catch(() => undefined)
}

function refusedService(forwarded: string): Promise<Response> {
  const wrong = { grant_type: 'client_credentials', client_id: service.client_id, client_secret: 'wrong' }
  const headers = { 'x-forwarded-for': forwarded }
  return fetch(`${issuer}/token`, { method: 'POST', headers, body: new URLSearchParams(wrong) })
}

/** In CI nothing is left out: there the test fails without it. */
function lacksNginx(): boolean {
  if (existsSync(NGINX) || process.env.CI !== undefined) return false
  console.warn(`NOT TESTED: nginx before the authority. It needs ${NGINX} (apt-get install nginx).`)
  return true
}
