import type { AuthorityError, OwnAct, OwnSessionsView, OwnSignIn } from '@jotwarden/authority'
import type { Asking } from './asking.ts'
import { consentStep, loginStep, logoutStep, refusal } from './fake-authority.ts'

/** Every page that the server can show, each from a server of its own; errors without what goes to developers. */
export async function everyPage(make: () => Asking): Promise<readonly string[]> {
  const begun = async (answer: (typeof STEPS)[number] | AuthorityError): Promise<Response> => {
    const { get, authority } = make()
    authority.answers.begin = answer
    return get('/authorize?client_id=notes')
  }
  const refused = async (reason: 'credentials' | 'busy' | 'throttled'): Promise<Response> => {
    const { post, authority } = make()
    const again = { ...loginStep, step: 'refused' as const }
    authority.answers.signIn =
      reason === 'throttled' ? { ...again, reason, retryAfter: 30 } : { ...again, reason }
    return post('/login', { interaction: 'i', username: 'ada', password: 'wrong' })
  }
  const answers = [
    ...STEPS.map(begun),
    ...CODES.map((code) => begun(refusal(code, ''))),
    ...(['credentials', 'busy', 'throttled'] as const).map(refused),
    make().post('/login', { interaction: 'i' }),
    confirming(make()),
    leaving(make()),
    ...OWN_VIEWS.map((view) => ownSessions(make(), view)),
    ownSessions(make(), NO_SIGN_INS, '?older=place'),
    ownSessions(make(), NO_SIGN_INS, '?outdated=1'),
    ownSignIn(make()),
    make().get('/'),
    make().get('/nowhere', PAGES),
    make().send('DELETE', '/login', { headers: PAGES }),
    make().post('/consent', { interaction: 'i' }, { origin: 'https://evil.example' }),
    make().server.fetch(new Request('https://auth.example.com/login'), { encrypted: false }),
  ]
  return Promise.all(answers.map(async (answer) => (await answer).text()))
}

/** What a person or a screen reader finds in a page, the title with it; without what goes to developers. */
export function visibleText(page: string): string {
  return page
    .replace(/<dd(?: lang="en")?>[^<]*<\/dd>|<dd><code>[^<]*<\/code><\/dd>/g, ' ')
    .replace(/<[^>]+ aria-label="([^"]+)"[^>]*>/g, ' $1 ')
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

function confirming({ get, authority }: Asking): Promise<Response> {
  authority.answers.logout = logoutStep
  return get('/logout')
}

function leaving({ get, authority }: Asking): Promise<Response> {
  authority.answers.logout = { step: 'signed-out', location: undefined, ended: true }
  return get('/logout')
}

function ownSessions({ get, authority }: Asking, view: OwnSessionsView, query = ''): Promise<Response> {
  authority.answers.ownSessions = view
  return get(`/sessions${query}`)
}

/** The sign-in that leads to the page of one's own sign-ins. */
function ownSignIn({ get, authority }: Asking): Promise<Response> {
  authority.answers.begin = { ...loginStep, client: null, redirectUri: null }
  return get('/authorize?client_id=notes')
}

const PAGES = { accept: 'text/html' }
const STEPS = [
  loginStep,
  { ...loginStep, redirectUri: 'http://127.0.0.1/cb' },
  { ...loginStep, redirectUri: 'nowhere' },
  { ...loginStep, client: { id: 'notes', name: ' ' } },
  {
    ...consentStep,
    scopes: ['openid', 'profile', 'email', 'offline_access'].map((name) => ({ name, description: '' })),
  },
]
const CODES = [
  'oauth/invalid_request',
  'oauth/server_error',
  'oauth/temporarily_unavailable',
  'authority/client-unknown',
  'authority/redirect-uri',
  'authority/interaction',
  'authority/subject',
] as const

const SIGN_IN: OwnSignIn = {
  id: 'lgn_1',
  device: { browser: 'firefox', platform: 'linux' },
  browser: 'other',
  opensUntil: 1_003_600,
  at: 1_000_000 - 3600,
  sessions: [
    {
      id: 'ses_1',
      client: { id: 'notes', name: 'Harbour Notes' },
      startedAt: 1_000_000 - 1800,
      usedAt: 1_000_000,
      endsAt: 1_086_400,
    },
  ],
}
const NO_SIGN_INS: OwnSessionsView = {
  account: { username: 'ada', name: 'Ada Lovelace' },
  proof: 'jwi_proof',
  signIns: [],
  older: undefined,
  apps: [],
  moreApps: undefined,
  done: undefined,
  now: 1_000_000,
}
const ACTS: readonly OwnAct[] = ['session', 'login', 'others', 'everything', 'app']
const OWN_VIEWS: readonly OwnSessionsView[] = [
  {
    ...NO_SIGN_INS,
    signIns: [
      { ...SIGN_IN, browser: 'this' },
      { ...SIGN_IN, browser: 'this-before', opensUntil: null, sessions: [] },
      SIGN_IN,
      { ...SIGN_IN, device: { browser: null, platform: 'linux' } },
      { ...SIGN_IN, device: { browser: null, platform: null } },
      { ...SIGN_IN, id: null, at: null, opensUntil: null },
    ],
    older: 'place',
    apps: [
      {
        client: { id: 'notes', name: 'Harbour Notes' },
        scopes: [{ name: 'openid', description: '' }],
        givenAt: 1_000_000 - 86_400,
      },
    ],
    moreApps: 'notes',
  },
  ...ACTS.map((done) => ({ ...NO_SIGN_INS, done })),
]
