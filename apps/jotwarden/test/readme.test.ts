import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bin, type Running, serving, temporaryFolder } from './jotwarden-process.ts'
import { npxStandIn } from './npx-stand-in.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
// The README makes a folder beside the checkout.
const folder = join(temporaryFolder(), 'checkout')
mkdirSync(folder)
const tools = npxStandIn()
let running: Running

beforeAll(async () => {
  running = await serving(['--dev', '--port', '0', '--web-app-port', '0', '--api-port', '0'], { folder })
})
afterAll(async () => {
  await running.stop()
})

const blocks = [...readme.matchAll(/^```(sh|ts)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
  language,
  code,
}))
const shell = blocks.filter(({ language, code }) => language === 'sh' && !code.startsWith('npm ci'))
const typescript = blocks.filter(({ language }) => language === 'ts')

test('README.md has blocks to run', () => {
  expect(shell.length).toBeGreaterThanOrEqual(3)
  expect(typescript.length).toBeGreaterThanOrEqual(1)
})

test('README.md names scripts that package.json has, and npx finds the command', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const { code } of blocks.filter((block) => block.code.startsWith('npm ci'))) {
    const name = /npm (?:run )?(\w+)\n$/.exec(code)?.[1]
    expect(Object.keys(manifest.scripts)).toContain(name)
  }
  expect(manifest.dependencies).toHaveProperty('jotwarden')
  expect(statSync(bin).mode & 0o111).toBe(0o111)
})

for (const [index, { code }] of shell.entries()) {
  test(`README.md: shell block ${index + 1} runs as it stands, but for the ports: ${code.split('\n')[0]}`, async () => {
    const TOKEN = await serviceToken()
    const { status, stdout, stderr } = await run('sh', ['-eu', '-c', withPorts(code)], { TOKEN })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).not.toBe('')
    if (code.includes(`-s -H "Authorization: Bearer $TOKEN" ${API}/orders`))
      expect(stdout).toContain('A-1041')
    if (code.includes('tokens revoke'))
      expect(stdout).toMatch(/^revoked\b[\s\S]*\n401\n[\s\S]*token-revoked/i)
  })
}

for (const [index, { code }] of typescript.entries()) {
  test(`README.md: TypeScript block ${index + 1} runs as it stands, but for the ports`, async () => {
    const words = [
      '--conditions=jotwarden-source',
      '--input-type=module-typescript',
      '--eval',
      withPorts(code),
    ]
    const { status, stdout, stderr } = await run(process.execPath, words, {
      cwd: root,
      TOKEN: await serviceToken(),
    })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^200 /)
  })
}

test('what serve --dev suggests to try runs as it stands', async () => {
  const { stdout: introduction } = await devIntroduction()
  const tried = introduction
    .split('\n')
    .filter((line) => /^(export TOKEN=|curl |JOTWARDEN_STATE=|npx )/.test(line))
  expect(tried).toHaveLength(4)
  const { status, stdout, stderr } = await run('sh', [
    '-eu',

    '-c',
    withPorts(tried.join('\n')),
  ])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('A-1041')
  expect(stdout).toContain('"issuer"')
  expect(stdout).toMatch(/client_id +\S+/)
})

test('README.md links to files that are there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target = '']) => target)
  expect(links.length).toBeGreaterThan(5)
  expect(links.filter((target) => !existsSync(join(root, target)))).toEqual([])
})

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(
  command: string,
  words: readonly string[],
  extra: { readonly cwd?: string; readonly TOKEN?: string } = {},
): Promise<Ran> {
  const { cwd = folder, ...environment } = extra
  const PATH = [tools, process.env.PATH].join(delimiter)
  const child = spawn(command, words, {
    cwd,
    env: { PATH, HOME: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  child.on('error', reject)
  child.on('close', (status) => resolve({ status, stdout, stderr }))
  return promise
}

/** Starts a second server for its introduction alone; its addresses are then replaced by the first one's. */
async function devIntroduction(): Promise<Ran> {
  const words = [bin, 'serve', '--dev', '--port', '0', '--web-app-port', '0', '--api-port', '0']
  const child = spawn(process.execPath, ['--conditions=jotwarden-source', ...words], {
    cwd: temporaryFolder(),
    env: { PATH: process.env.PATH },
  })
  const { promise, resolve, reject } = Promise.withResolvers<Ran>()
  let stdout = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
    if (stdout.includes('Ctrl-C')) child.kill('SIGTERM')
  })
  child.on('error', reject)
  child.on('close', (status) => resolve({ status, stdout: canonicalPorts(stdout), stderr: '' }))
  return promise
}

function canonicalPorts(introduction: string): string {
  const webApp = /Click +(\S+)/.exec(introduction)?.[1] ?? ''
  const issuer = /Authority +(\S+)/.exec(introduction)?.[1] ?? ''
  const api = /Sample API +(\S+)\/orders/.exec(introduction)?.[1] ?? ''
  return introduction.replaceAll(webApp, WEB_APP).replaceAll(issuer, ISSUER).replaceAll(api, API)
}

function withPorts(code: string): string {
  const { issuer, web_app: webApp, api } = running.ready
  return code
    .replaceAll(ISSUER, String(issuer))
    .replaceAll(WEB_APP, String(webApp))
    .replaceAll(API, String(api))
}

async function serviceToken(): Promise<string> {
  const answer = await fetch(`${running.ready.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'orders:read',
      client_id: 'dev-service',
      client_secret: 'development-only-secret-of-dev-service',
    }),
  })
  return (await answer.json()).access_token
}

const ISSUER = 'http://127.0.0.1:8420'
const WEB_APP = 'http://127.0.0.1:8421'
const API = 'http://127.0.0.1:8422'
