import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ScopeText } from '@jotwarden/authority'
import { freePort, jotwarden, type Running, serving, temporaryFolder } from './jotwarden-process.ts'

/** An authority where everything that people are shown is as long, as much and as foreign as it may be. */
export interface CrowdedDeployment extends Running {
  readonly issuer: string
  readonly account: { readonly username: string; readonly password: string }
  /** Where the app sends people. */
  readonly authorize: string
}

/** `pages` stands in the configuration below `[pages]`, `files` beside it. */
export async function crowded(
  pages: string = '',
  files: Readonly<Record<string, string>> = {},
): Promise<CrowdedDeployment> {
  const folder = temporaryFolder()
  const issuer = `http://127.0.0.1:${await freePort()}`
  const account = {
    username: 'maximiliane.featherstonehaugh@subsidiary.example.com',
    password: 'long-long-long-long',
  }
  const command = async (words: readonly string[], stdin = '') => {
    const { code, stderr } = await jotwarden(words, { folder, stdin })
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}: ${stderr}`)
  }
  await command(['init', '--issuer', issuer, '--listen', new URL(issuer).host])
  const file = join(folder, 'jotwarden.toml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('[pages]\n', () => `[pages]\n${pages}`) + resource())
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const scope = ['--scope', ...SCOPES.keys()]
  await Promise.all([
    command(['users', 'add', account.username, '--name', PERSON, '--password-stdin'], account.password),
    command(['clients', 'add', APP, '--id', 'app', '--redirect-uri', REDIRECT_URI, ...scope]),
  ])
  const query = new URLSearchParams({
    client_id: 'app',
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: [...SCOPES.keys()].join(' '),
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    login_hint: account.username,
  })
  const running = await serving([], { folder })
  return { ...running, issuer, account, authorize: `${issuer}/authorize?${query}` }
}

function resource(): string {
  const scopes = [...SCOPES].filter(([name]) => name.includes(':'))
  const written = (words: ScopeText): string =>
    typeof words === 'string'
      ? JSON.stringify(words)
      : `{ ${Object.entries(words).map(([language, text]) => `${language} = ${JSON.stringify(text)}`)} }`
  const lines = scopes.map(([name, words]) => `${JSON.stringify(name)} = ${written(words)}`)
  return `\n[[resources]]\nidentifier = "https://api.example.com"\nname = "Orders"\nscopes = { ${lines.join(', ')} }\n`
}

const APP =
  'Großhandels-Bestellübersichtsverwaltung für Niederlassungen, Lager und Außendienst der Unternehmung'
const PERSON = 'Maximiliane Wilhelmina van der Featherstonehaugh-Cholmondeley عبد الرحمن'
const REDIRECT_URI =
  'https://bestelluebersichtsverwaltung.niederlassungen.unternehmensgruppe.example.com/callback'
const SCOPES: ReadonlyMap<string, ScopeText> = new Map<string, ScopeText>([
  ['openid', ''],
  ['profile', ''],
  ['email', ''],
  ['offline_access', ''],
  ['orders:read', { en: 'See your orders', de: 'Ihre Bestellungen sehen', fr: 'Voir vos commandes' }],
  [
    'orders:write',
    'Place orders, change those that are under way, and call off those that were not sent yet',
  ],
  ['invoices:read', { en: 'See your invoices', de: 'Ihre Rechnungen sehen' }],
  ['addresses:write', 'Change where your orders are sent'],
  [
    'lager:bestand:niederlassungen:lesen:und:vergleichen:mit:den:vorjahren',
    'Lagerbestandsvergleichsübersichten lesen',
  ],
  ['returns:write', 'Announce returns'],
  ['messages:read', 'Read the messages between you and the shop'],
  ['messages:write', 'Write to the shop in your name'],
])
