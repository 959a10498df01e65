import type { ImportedClient } from '@jotwarden/authority'
import { type JsonObject, type JsonValue, Secret } from '@jotwarden/token'
import { didYouMean } from '../config/did-you-mean.ts'
import { authMethods, grantTypes, ignoredMembers, memberNames } from './client-members.ts'

/** Something wrong with the file: of which client, by its place, and of which of its members. Values are not repeated. */
export interface FileFinding {
  readonly index: number | null
  readonly client: string | null
  readonly member: string
  readonly problem: string
  readonly remedy: string
}

export interface ReadClient {
  readonly index: number
  readonly client: ImportedClient
}

/** The clients of the file, those that can be understood, and everything that cannot. */
export function readClients(file: JsonObject): {
  readonly clients: readonly ReadClient[]
  readonly findings: readonly FileFinding[]
} {
  const findings: FileFinding[] = Object.keys(file)
    .filter((name) => name !== 'clients')
    .map((name) => unknownMember(null, null, name, ['clients']))
  if (!Array.isArray(file.clients)) {
    const remedy = 'Write {"clients": [ … ]}'
    return { clients: [], findings: [...findings, { ...ROOT, problem: 'is missing or no list', remedy }] }
  }
  const clients: ReadClient[] = []
  file.clients.forEach((entry, index) => {
    const reader = new MemberReader(entry, index)
    const client = reader.client()
    findings.push(...reader.findings)
    if (client !== undefined) clients.push({ index, client })
  })
  return { clients, findings }
}

/** Reads one client, and notes what is wrong with it. */
class MemberReader {
  readonly findings: FileFinding[] = []
  readonly #entry: JsonObject
  readonly #index: number

  constructor(entry: JsonValue, index: number) {
    this.#index = index
    const isTable = typeof entry === 'object' && entry !== null && !Array.isArray(entry)
    this.#entry = isTable ? (entry as JsonObject) : {}
    if (!isTable) this.#find('', 'is no object', 'Write each client as { "client_id": …, … }')
  }

  client(): ImportedClient | undefined {
    if (this.findings.length > 0) return undefined
    this.#unknown()
    const [id, name] = [this.#text('client_id'), this.#text('client_name')]
    if (id === undefined) this.#find('client_id', 'is missing', 'Write the id that the client has')
    const method = this.#text('token_endpoint_auth_method') ?? 'client_secret_basic'
    const type = authMethods.get(method)
    if (type === undefined)
      this.#find(
        'token_endpoint_auth_method',
        'is not supported',
        `Use one of ${[...authMethods.keys()].join(', ')}`,
      )
    const client = {
      id: id ?? '',
      name: name ?? id ?? '',
      type: type ?? 'confidential',
      secret: this.#secret(),
      applicationType: this.#choice('application_type', ['web', 'native'], 'web'),
      redirectUris: this.#list('redirect_uris') ?? [],
      postLogoutRedirectUris: this.#list('post_logout_redirect_uris') ?? [],
      grantTypes: this.#grants(),
      scopes: [...new Set((this.#text('scope') ?? '').split(' ').filter((scope) => scope !== ''))],
      consent: this.#choice('consent', ['ask', 'trusted'], 'ask'),
      resource: this.#text('resource') ?? null,
    } as const
    return this.findings.length === 0 ? client : undefined
  }

  #unknown(): void {
    const names = [...Object.values(memberNames), ...ANSWERED]
    for (const name of Object.keys(this.#entry)) {
      if (names.includes(name) || ignoredMembers.includes(name)) continue
      this.findings.push(unknownMember(this.#index, this.#id(), name, names))
    }
    if ((this.#entry.client_secret_expires_at ?? 0) !== 0)
      this.#find(
        'client_secret_expires_at',
        'is not 0',
        'Import the secret without an end, and replace it with `jotwarden clients secrets rotate`',
      )
    const responses = this.#list('response_types') ?? []
    if (responses.some((response) => response !== 'code'))
      this.#find('response_types', 'has something other than code', 'Nothing else is supported: leave it out')
  }

  /** RFC 7591 §2: without a word about it, a client uses codes; but one that is an API and has no address uses nothing. */
  #grants(): ImportedClient['grantTypes'] {
    const written = this.#list('grant_types')
    if (written === undefined)
      return this.#entry.resource !== undefined && this.#entry.redirect_uris === undefined
        ? []
        : ['authorization_code']
    for (const [place, name] of written.entries())
      if (!grantTypes.some((type) => type === name)) {
        const meant = didYouMean(name, grantTypes)
        const remedy =
          meant === undefined ? `Supported are ${grantTypes.join(', ')}` : `Did you mean ${meant}?`
        this.#find(`grant_types[${place}]`, 'is not supported', remedy)
      }
    return grantTypes.filter((type) => written.includes(type))
  }

  #secret(): Secret | null {
    const text = this.#text('client_secret')
    if (text === undefined) return null
    // RFC 6749 appendix A.2, and no longer than a header takes
    if (/^[\x20-\x7e]{1,512}$/.test(text)) return Secret.fromText(text)
    this.#find('client_secret', 'is empty, too long or not in ASCII', 'Give the client a new one')
    return null
  }

  #choice<Choice extends string>(name: string, choices: readonly Choice[], otherwise: Choice): Choice {
    const written = this.#text(name)
    if (written === undefined) return otherwise
    const choice = choices.find((one) => one === written)
    if (choice === undefined) this.#find(name, 'is none of its values', `Use ${choices.join(' or ')}`)
    return choice ?? otherwise
  }

  #text(name: string): string | undefined {
    const value = this.#entry[name]
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined
    this.#find(name, 'is no text', 'Write it in quotation marks')
    return undefined
  }

  #list(name: string): readonly string[] | undefined {
    const value = this.#entry[name]
    if (value === undefined || value === null) return undefined
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return [...new Set(value)]
    this.#find(name, 'is no list of texts', 'Write it as [ "…", "…" ]')
    return undefined
  }

  #id(): string | null {
    const { client_id: id } = this.#entry
    return typeof id === 'string' ? id : null
  }

  #find(member: string, problem: string, remedy: string): void {
    this.findings.push({ index: this.#index, client: this.#id(), member, problem, remedy })
  }
}

function unknownMember(
  index: number | null,
  client: string | null,
  member: string,
  names: readonly string[],
): FileFinding {
  const meant = didYouMean(member, names)
  const remedy = HINTS.get(member) ?? (meant === undefined ? 'Take it out' : `Did you mean ${meant}?`)
  return { index, client, member, problem: 'is not a member that jotwarden knows', remedy }
}

const ROOT = { index: null, client: null, member: 'clients' } as const
/** Looked at, and good with one value alone. */
const ANSWERED = ['client_secret_expires_at', 'response_types']
const HINTS: ReadonlyMap<string, string> = new Map([
  [
    'client_secret_hash',
    'Hashes of other servers are of no use here: write client_secret, which is hashed when it is imported',
  ],
  ['jwks', 'Clients that sign assertions are not supported: give it a client_secret'],
  ['jwks_uri', 'Clients that sign assertions are not supported: give it a client_secret'],
])
