import { Secret } from '@jotwarden/token'
import { describe, expect, test } from 'vitest'
import {
  authorizationForm,
  authorize,
  basic,
  browser,
  form,
  ISSUER,
  outcome,
  PASSWORD,
  redeem,
  VERIFIER,
  world,
} from './world.ts'

/** A public client on the web, which is let through once it has consent. */
const PAGE = { client_id: 'page', redirect_uri: 'https://page.example/cb' }

const REFUSED_BY_REDIRECT = [
  ['response_type missing', { response_type: undefined }, 'invalid_request'],
  ['response_type token', { response_type: 'token' }, 'unsupported_response_type'],
  ['response_type code id_token', { response_type: 'code id_token' }, 'unsupported_response_type'],
  ['no challenge', { code_challenge: undefined }, 'invalid_request'],
  ['method plain', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['method missing, which would mean plain', { code_challenge_method: undefined }, 'invalid_request'],
  ['a challenge that is no SHA-256', { code_challenge: 'short' }, 'invalid_request'],
  ['no scope', { scope: undefined }, 'invalid_scope'],
  ['an unknown scope', { scope: 'openid admin' }, 'invalid_scope'],
  ['a malformed scope', { scope: 'openid  profile' }, 'invalid_scope'],
  ['an unknown resource', { resource: 'https://elsewhere.example' }, 'invalid_target'],
  [
    'a resource that no scope reaches',
    { scope: 'openid', resource: 'https://api.example' },
    'invalid_target',
  ],
  ['a request object', { request: 'e30.e30.' }, 'request_not_supported'],
  ['a request_uri', { request_uri: 'https://evil.example/r' }, 'request_uri_not_supported'],
  ['registration', { registration: '{}' }, 'registration_not_supported'],
  ['response_mode fragment', { response_mode: 'fragment' }, 'invalid_request'],
  ['an unknown prompt', { prompt: 'create' }, 'invalid_request'],
  ['prompt none with company', { prompt: 'none login' }, 'invalid_request'],
  ['prompt none without a login', { prompt: 'none' }, 'login_required'],
  ['max_age that is no number', { max_age: '-1' }, 'invalid_request'],
  ['a nonce without end', { nonce: 'n'.repeat(513) }, 'invalid_request'],
] as const

describe('begin() tells the client by redirect', () => {
  for (const [name, change, error] of REFUSED_BY_REDIRECT) {
    test(name, async () => {
      const step = await (await world()).authority.authorization.begin(authorizationForm(change), browser())
      const answer = new URL(step.step === 'redirect' ? step.location : 'about:blank').searchParams
      expect([answer.get('error'), answer.get('state'), answer.get('iss'), answer.get('code')]).toEqual([
        error,
        'the-state',
        ISSUER,
        null,
      ])
    })
  }
})

const NEVER_REDIRECTED = [
  ['client_id missing', { client_id: undefined }, 'authority/client-unknown'],
  ['an unknown client', { client_id: 'nobody' }, 'authority/client-unknown'],
  ['a client_id with markup', { client_id: '<script>' }, 'authority/client-unknown'],
  ['another host', { redirect_uri: 'https://evil.example/cb' }, 'authority/redirect-uri'],
  ['a longer path', { redirect_uri: 'http://127.0.0.1/cb/evil' }, 'authority/redirect-uri'],
  ['a prefix that is a host', { redirect_uri: 'http://127.0.0.1.evil.example/cb' }, 'authority/redirect-uri'],
  [
    'credentials before the host',
    { redirect_uri: 'http://127.0.0.1:80@evil.example/cb' },
    'authority/redirect-uri',
  ],
  ['another case', { redirect_uri: 'http://127.0.0.1/CB' }, 'authority/redirect-uri'],
  ['another loopback name', { redirect_uri: 'http://localhost/cb' }, 'authority/redirect-uri'],
  ['https on loopback', { redirect_uri: 'https://127.0.0.1/cb' }, 'authority/redirect-uri'],
  ['a query of its own', { redirect_uri: 'http://127.0.0.1/cb?x=1' }, 'authority/redirect-uri'],
  ['a fragment', { redirect_uri: 'http://127.0.0.1/cb#x' }, 'authority/redirect-uri'],
  [
    'a port on a web client',
    { client_id: 'web', redirect_uri: 'https://web.example:444/cb' },
    'authority/redirect-uri',
  ],
  ['none, for a native client', { redirect_uri: undefined }, 'authority/redirect-uri'],
] as const

describe('begin() never redirects', () => {
  for (const [name, change, code] of NEVER_REDIRECTED) {
    test(name, async () => {
      const { authority } = await world()
      expect(await outcome(authority.authorization.begin(authorizationForm(change), browser()))).toBe(code)
    })
  }
})

describe('the flow', () => {
  test('a native client’s loopback port is free, the rest is not (RFC 8252 §7.3)', async () => {
    for (const uri of ['http://127.0.0.1/cb', 'http://127.0.0.1:1/cb', 'http://127.0.0.1:65535/cb']) {
      const step = await (await world()).authority.authorization.begin(
        authorizationForm({ redirect_uri: uri }),
        browser(),
      )
      expect(step.step).toBe('login')
    }
  })

  test('sign-in, consent, code with state and iss; the next time neither page is shown', async () => {
    const made = await world()
    const visitor = browser()
    const answer = await authorize(made, PAGE, visitor)
    expect([answer.get('state'), answer.get('iss'), answer.get('code')?.length]).toEqual([
      'the-state',
      ISSUER,
      43,
    ])
    const again = await made.authority.authorization.begin(
      authorizationForm({ ...PAGE, prompt: 'none' }),
      visitor,
    )
    const code = new URL(again.step === 'redirect' ? again.location : 'about:blank').searchParams.get('code')
    expect(await outcome(redeem(made, code ?? '', { ...PAGE, scope: undefined }))).toBe('accepted')
  })

  test('a native public client is never let through silently: any program can pass for it (RFC 8252 §8.6)', async () => {
    const made = await world()
    const visitor = browser()
    await authorize(made, {}, visitor)
    const elsewhere = { redirect_uri: 'http://127.0.0.1:6666/cb' }
    expect((await made.authority.authorization.begin(authorizationForm(elsewhere), visitor)).step).toBe(
      'consent',
    )
    const silent = await made.authority.authorization.begin(
      authorizationForm({ ...elsewhere, prompt: 'none' }),
      visitor,
    )
    expect(silent.step === 'redirect' && new URL(silent.location).searchParams.get('error')).toBe(
      'consent_required',
    )
  })

  test('a wrong password, an unknown name and a disabled account look the same and sign nobody in', async () => {
    const made = await world()
    await made.accounts.add({ username: 'off', password: Secret.fromText(PASSWORD) })
    await made.accounts.disable('off')
    const visitor = browser()
    const step = await made.authority.authorization.begin(authorizationForm(), visitor)
    if (step.step !== 'login') throw new Error('no login page')
    visitor.binding = step.binding
    const tries = [
      ['ada', 'wrong password 1'],
      ['nobody', PASSWORD],
      ['off', PASSWORD],
      ['', ''],
      ['a'.repeat(5000), 'x'.repeat(5000)],
    ] as const
    for (const [username, password] of tries) {
      const refused = await made.authority.authorization.signIn(
        { interaction: step.interaction, username, password: Secret.fromText(password) },
        visitor,
      )
      expect(refused).toMatchObject({
        step: 'refused',
        reason: 'credentials',
        client: { id: 'app', name: 'App' },
      })
    }
    const events = await made.stores.events.list(ISSUER, { after: 0, limit: 100 })
    const refused = events.filter(({ type }) => type === 'login-refused')
    expect(refused.reduce((sum, { count }) => sum + count, 0)).toBe(tries.length)
    expect(refused.map(({ subject }) => subject === made.subject)).toContain(true)
    expect(refused.length).toBe(3)
    expect(JSON.stringify(events)).not.toContain(PASSWORD)
  })

  test('a stolen interaction is of no use in another browser, nor late, nor changed', async () => {
    const made = await world()
    const visitor = browser()
    const step = await made.authority.authorization.begin(authorizationForm(), visitor)
    if (step.step !== 'login') throw new Error('no login page')
    const request = { interaction: step.interaction, username: 'ada', password: Secret.fromText(PASSWORD) }
    const { signIn, resume, consent } = made.authority.authorization
    const thief = { ...browser(), binding: 'x'.repeat(43) }
    expect(await outcome(signIn(request, thief))).toBe('authority/interaction')
    expect(await outcome(signIn(request, browser()))).toBe('authority/interaction')
    expect(await outcome(resume(step.interaction, thief))).toBe('authority/interaction')
    expect(await outcome(consent({ interaction: step.interaction, decision: 'allow' }, thief))).toBe(
      'authority/interaction',
    )
    visitor.binding = step.binding
    for (const bad of ['', 'jwi_', `${step.interaction.slice(0, -4)}AAAA`, step.interaction.slice(4)]) {
      expect(await outcome(signIn({ ...request, interaction: bad }, visitor))).toBe('authority/interaction')
    }
    made.time.now += made.authority.settings.interactionLifetime
    expect(await outcome(signIn(request, visitor))).toBe('authority/interaction')
  })

  test('consent without a login goes back to the sign-in, and another person’s does not count', async () => {
    const made = await world()
    await made.accounts.add({ username: 'eve', password: Secret.fromText(PASSWORD) })
    const visitor = browser()
    const begun = await made.authority.authorization.begin(authorizationForm(), visitor)
    if (begun.step !== 'login') throw new Error('no login page')
    visitor.binding = begun.binding
    const enter = async (username: string) => {
      const entered = await made.authority.authorization.signIn(
        { interaction: begun.interaction, username, password: Secret.fromText(PASSWORD) },
        visitor,
      )
      if (entered.step !== 'signed-in' || entered.next.step !== 'consent') throw new Error('no consent page')
      visitor.login = entered.login
      return entered.next.interaction
    }
    const shownToAda = await enter('ada')
    await enter('eve')
    const answered = await made.authority.authorization.consent(
      { interaction: shownToAda, decision: 'allow' },
      visitor,
    )
    expect(answered.step).toBe('login')
    expect(
      (
        await made.authority.authorization.consent(
          { interaction: begun.interaction, decision: 'allow' },
          { ...visitor, login: undefined },
        )
      ).step,
    ).toBe('login')
  })

  test('a client that changed or went since the sign-in began gets nothing from it', async () => {
    const changes = [
      { redirectUris: ['http://127.0.0.1/elsewhere'] },
      { scopes: ['openid'] },
      undefined,
    ] as const
    for (const change of changes) {
      const made = await world()
      const visitor = browser()
      const begun = await made.authority.authorization.begin(authorizationForm(), visitor)
      if (begun.step !== 'login') throw new Error('no login page')
      visitor.binding = begun.binding
      await made.authority.clients.remove('app')
      const scopes = ['openid', 'profile', 'orders:read']
      const again = {
        id: 'app',
        name: 'App',
        type: 'public',
        applicationType: 'native',
        redirectUris: ['http://127.0.0.1/cb'],
        scopes,
      } as const
      if (change !== undefined) await made.authority.clients.add({ ...again, ...change })
      const { signIn, resume, consent } = made.authority.authorization
      const { interaction } = begun
      const request = { interaction, username: 'ada', password: Secret.fromText(PASSWORD) }
      expect(await outcome(signIn(request, visitor))).toBe('authority/interaction')
      expect(await outcome(resume(interaction, visitor))).toBe('authority/interaction')
      expect(await outcome(consent({ interaction, decision: 'deny' }, visitor))).toBe('authority/interaction')
    }
  })

  test('deny goes back with access_denied and leaves no consent', async () => {
    const made = await world()
    const visitor = browser()
    const begun = await made.authority.authorization.begin(authorizationForm(), visitor)
    if (begun.step !== 'login') throw new Error('no login page')
    visitor.binding = begun.binding
    const entered = await made.authority.authorization.signIn(
      { interaction: begun.interaction, username: 'ada', password: Secret.fromText(PASSWORD) },
      visitor,
    )
    if (entered.step !== 'signed-in' || entered.next.step !== 'consent') throw new Error('no consent page')
    visitor.login = entered.login
    const denied = await made.authority.authorization.consent(
      { interaction: entered.next.interaction, decision: 'deny' },
      visitor,
    )
    expect(denied.step === 'redirect' && new URL(denied.location).searchParams.get('error')).toBe(
      'access_denied',
    )
    expect(await made.stores.consents.find(ISSUER, made.subject, 'app')).toBeUndefined()
    expect((await made.authority.authorization.begin(authorizationForm(), visitor)).step).toBe('consent')
  })

  test('prompt and max_age ask again, once', async () => {
    for (const change of [{ prompt: 'login' }, { prompt: 'select_account' }, { max_age: '0' }]) {
      const made = await world()
      const visitor = browser()
      await authorize(made, {}, visitor)
      made.time.now += 1
      expect((await made.authority.authorization.begin(authorizationForm(change), visitor)).step).toBe(
        'login',
      )
      expect((await authorize(made, change, visitor)).get('code')).toHaveLength(43)
    }
    const made = await world()
    const visitor = browser()
    await authorize(made, {}, visitor)
    expect(
      (await made.authority.authorization.begin(authorizationForm({ prompt: 'consent' }), visitor)).step,
    ).toBe('consent')
  })

  test('a wider scope asks for consent again; an id_token_hint of somebody else asks for a sign-in', async () => {
    const made = await world()
    const visitor = browser()
    const tokens = await redeem(made, (await authorize(made, PAGE, visitor)).get('code') ?? '', PAGE)
    expect(
      (
        await made.authority.authorization.begin(
          authorizationForm({ ...PAGE, scope: 'openid orders:write' }),
          visitor,
        )
      ).step,
    ).toBe('consent')
    const begin = (id_token_hint: string) =>
      made.authority.authorization.begin(
        authorizationForm({ ...PAGE, prompt: 'none', id_token_hint }),
        visitor,
      )
    const fits = await begin(tokens.id_token ?? '')
    expect(fits.step === 'redirect' && new URL(fits.location).searchParams.has('code')).toBe(true)
    for (const hint of ['x.y.z', tokens.access_token]) {
      const refused = await begin(hint)
      expect(refused.step === 'redirect' && new URL(refused.location).searchParams.get('error')).toBe(
        'login_required',
      )
    }
  })

  test('a new sign-in gets a new login and ends the old one of that browser', async () => {
    const made = await world()
    const visitor = browser()
    await authorize(made, {}, visitor)
    const old = visitor.login
    await authorize(made, { prompt: 'login' }, visitor)
    expect(visitor.login).not.toBe(old)
    expect(
      (await made.authority.authorization.begin(authorizationForm(), { ...visitor, login: old })).step,
    ).toBe('login')
  })

  test('a login ends by its lifetime, a password change, and disabling', async () => {
    const acts = [
      async (made: Awaited<ReturnType<typeof world>>) => {
        made.time.now += made.authority.settings.loginLifetime
      },
      (made: Awaited<ReturnType<typeof world>>) =>
        made.accounts.changePassword('ada', Secret.fromText('another good phrase')),
      (made: Awaited<ReturnType<typeof world>>) => made.accounts.disable('ada'),
    ]
    for (const act of acts) {
      const made = await world()
      const visitor = browser()
      const code = (await authorize(made, {}, visitor)).get('code') ?? ''
      await act(made)
      expect((await made.authority.authorization.begin(authorizationForm(), visitor)).step).toBe('login')
      expect(await outcome(redeem(made, code))).toBe('oauth/invalid_grant')
    }
  })

  test('signInAs() takes a subject from the host’s own page and refuses unknown and disabled ones', async () => {
    const made = await world()
    const visitor = browser()
    const begun = await made.authority.authorization.begin(authorizationForm(), visitor)
    if (begun.step !== 'login') throw new Error('no login page')
    visitor.binding = begun.binding
    const { signInAs } = made.authority.authorization
    const request = { interaction: begun.interaction, subject: made.subject, amr: ['hwk'] }
    expect((await signInAs(request, visitor)).step).toBe('signed-in')
    expect(await outcome(signInAs({ ...request, subject: 'usr_nobody' }, visitor))).toBe('authority/subject')
    await made.accounts.disable('ada')
    expect(await outcome(signInAs(request, visitor))).toBe('authority/subject')
  })

  test('an account that is disabled while its sign-in is on the way gets no login', async () => {
    const made = await world()
    const visitor = browser()
    const begun = await made.authority.authorization.begin(authorizationForm(), visitor)
    if (begun.step !== 'login') throw new Error('no login page')
    visitor.binding = begun.binding
    const { logins } = made.stores
    const start = logins.start.bind(logins)
    let cookieHash = ''
    Object.assign(logins, {
      start: async (...given: Parameters<typeof start>) => {
        await made.accounts.disable('ada')
        cookieHash = given[1].cookieHash
        return start(...given)
      },
    })
    const attempt = made.authority.authorization.signIn(
      { interaction: begun.interaction, username: 'ada', password: Secret.fromText(PASSWORD) },
      visitor,
    )
    expect(await outcome(attempt)).toBe('authority/subject')
    expect(await logins.find(ISSUER, cookieHash)).toBeUndefined()
  })

  test('a subject that is a client’s id cannot sign in (RFC 9700 §4.15)', async () => {
    const account = {
      subject: 'service',
      username: 'mallory',
      name: null,
      email: null,
      emailVerified: false,
      disabled: false,
    }
    let isThere = false
    const made = await world({
      accounts: {
        find: async () => (isThere ? account : undefined),
        verifyPassword: async () => ({ verdict: 'accepted', account }),
      },
    })
    isThere = true
    const visitor = browser()
    const begun = await made.authority.authorization.begin(authorizationForm(), visitor)
    if (begun.step !== 'login') throw new Error('no login page')
    visitor.binding = begun.binding
    const attempt = made.authority.authorization.signIn(
      { interaction: begun.interaction, username: 'm', password: Secret.fromText('p') },
      visitor,
    )
    expect(await outcome(attempt)).toBe('authority/subject')
  })
})

describe('redeeming a code', () => {
  const WRONG = [
    ['no verifier', { code_verifier: undefined }, 'oauth/invalid_request'],
    ['a short verifier', { code_verifier: 'v'.repeat(42) }, 'oauth/invalid_request'],
    ['a long verifier', { code_verifier: 'v'.repeat(129) }, 'oauth/invalid_request'],
    ['a verifier with other characters', { code_verifier: `${'v'.repeat(43)}!` }, 'oauth/invalid_request'],
    ['a wrong verifier', { code_verifier: 'v'.repeat(43) }, 'oauth/invalid_grant'],
    [
      'the challenge as verifier',
      { code_verifier: 'IVwqw-RbcfSCohPiwFj5_rcK5SITNl8PHeuEfqi9ouM' },
      'oauth/invalid_grant',
    ],
    ['another redirect_uri', { redirect_uri: 'http://127.0.0.1:4712/cb' }, 'oauth/invalid_grant'],
    ['no code', { code: undefined }, 'oauth/invalid_request'],
    ['another code', { code: 'c'.repeat(43) }, 'oauth/invalid_grant'],
    ['a resource that was not granted', { resource: 'https://elsewhere.example' }, 'oauth/invalid_target'],
  ] as const
  for (const [name, change, code] of WRONG) {
    test(`${name} is refused, and the code still works for its owner`, async () => {
      const made = await world()
      const granted = (await authorize(made)).get('code') ?? ''
      expect(await outcome(redeem(made, granted, change))).toBe(code)
      expect(await outcome(redeem(made, granted))).toBe('accepted')
    })
  }

  test('another client’s code is refused, and still works for its owner', async () => {
    const made = await world()
    const code = (await authorize(made)).get('code') ?? ''
    expect(await outcome(redeem(made, code, { client_id: 'page' }))).toBe('oauth/invalid_grant')
    const parameters = form({ grant_type: 'authorization_code', code, code_verifier: VERIFIER })
    const stolen = {
      form: parameters,
      authorization: basic(made.web.id, made.web.secret),
      network: undefined,
    }
    expect(await outcome(made.authority.token(stolen))).toBe('oauth/invalid_grant')
    expect(await outcome(redeem(made, code))).toBe('accepted')
  })

  test('it lives 60 seconds', async () => {
    for (const [age, expected] of [
      [59.9, 'accepted'],
      [60, 'oauth/invalid_grant'],
    ] as const) {
      const made = await world()
      const code = (await authorize(made)).get('code') ?? ''
      made.time.now += age
      expect(await outcome(redeem(made, code))).toBe(expected)
    }
  })

  test('50 parallel uses: one session at most, and the replays end it', async () => {
    const made = await world()
    const code = (await authorize(made)).get('code') ?? ''
    const answers = await Promise.all(Array.from({ length: 50 }, () => outcome(redeem(made, code))))
    expect(answers.filter((answer) => answer === 'accepted')).toHaveLength(1)
    expect(await made.authority.sessions.list({ subject: made.subject })).toEqual([])
  })

  test('without redirect_uri it works too (OAuth 2.1 §10.2)', async () => {
    const made = await world()
    expect(
      await outcome(redeem(made, (await authorize(made)).get('code') ?? '', { redirect_uri: undefined })),
    ).toBe('accepted')
  })
})
