import { rmSync } from 'node:fs'
import type { BenchmarkOptions, Report, Result } from './result.ts'
import { startWorker } from './revocation/worker.ts'
import { scratchFolder } from './scratch-folder.ts'

/**
 * Wrong passwords for a hundred names, of which half exist, from a hundred networks: how long each is answered, how many
 * were looked at, and whether the owner still signs in. The hasher's own pace is the floor.
 */
export async function guessesBenchmark(options: BenchmarkOptions): Promise<Report> {
  const guesses = options.quick === true ? 1000 : 10_000
  const folder = scratchFolder()
  const authority = startWorker('../guesses/authority.ts', folder)
  try {
    const place = await authority.ask<Place>({ act: 'open', names: names('owner'), password: PASSWORD })
    const before = await signedIn(place, HOME)
    const told = await guessed(place, guesses, options)
    const owner = [await signedIn(place, HOME), await signedIn(place, '198.51.100.7')]
    await authority.ask({ act: 'close' })
    return reportOf(told, [before, ...owner])
  } finally {
    await authority.stop()
    rmSync(folder, { recursive: true })
  }
}

interface Place {
  readonly issuer: string
  readonly app: string
}

interface Answered {
  readonly isKnown: boolean
  readonly status: number
  readonly ms: number
}

/** Each caller takes the next guess; every network has a form of its own. */
async function guessed(
  place: Place,
  count: number,
  { note }: BenchmarkOptions,
): Promise<readonly Answered[]> {
  const forms = await Promise.all(
    Array.from({ length: NETWORKS }, (_, one) => formAt(place, `10.${one}.0.9`)),
  )
  const owners = names('owner')
  const strangers = names('nobody')
  const answers: Answered[] = []
  let next = 0
  const caller = async () => {
    for (let guess = next++; guess < count; guess = next++) {
      const one = guess % (2 * NAMES)
      const name = (one < NAMES ? owners[one] : strangers[one - NAMES]) ?? ''
      const form = forms[(one + Math.floor(guess / NETWORKS)) % NETWORKS]
      if (form === undefined) throw new Error('Cannot guess: there is no form')
      answers.push({ isKnown: one < NAMES, ...(await form(name, `wrong ${guess}`)) })
      if (answers.length % 1000 === 0) note(`${answers.length} guesses`)
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  return answers
}

async function signedIn(place: Place, address: string): Promise<Answered> {
  const form = await formAt(place, address)
  return { isKnown: true, ...(await form('owner-0', PASSWORD)) }
}

/** A sign-in form of its own, sent from the address. */
async function formAt({ issuer, app }: Place, address: string) {
  const query = new URLSearchParams({
    ...{
      client_id: app,
      redirect_uri: 'https://app.example.com/callback',
      response_type: 'code',
      scope: 'openid',
    },
    ...{ code_challenge: '7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM', code_challenge_method: 'S256' },
  })
  const from = { 'x-forwarded-for': address, 'x-forwarded-proto': 'http' }
  const page = await fetch(`${issuer}/authorize?${query}`, { headers: from })
  const interaction = /name="interaction" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  const cookie = page.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const headers = { ...from, cookie, origin: new URL(issuer).origin }
  return async (username: string, password: string) => {
    const body = new URLSearchParams({ interaction, username, password })
    const began = performance.now()
    const answer = await fetch(`${issuer}/login`, { method: 'POST', body, headers, redirect: 'manual' })
    await answer.text()
    return { status: answer.status, ms: performance.now() - began }
  }
}

function reportOf(answers: readonly Answered[], owner: readonly Answered[]): Report {
  const results: Result[] = []
  for (const [kind, isKnown] of [
    ['a name that exists', true],
    ['a name of nobody', false],
  ] as const) {
    const own = answers.filter((answer) => answer.isKnown === isKnown)
    const checked = own.filter(({ status }) => status === 403)
    results.push(...times(kind, 'checked', checked))
    results.push(
      ...times(
        kind,
        'told to wait',
        own.filter(({ status }) => status === 429),
      ),
    )
  }
  const [before, home, away] = owner
  for (const [kind, answer] of [
    ['the owner, before', before],
    ['the owner, from a known network', home],
    ['the owner, from a new network', away],
  ] as const)
    results.push(
      figure(kind, answer?.status === 303 ? 'signed in' : 'told to wait', 'p50', answer?.ms ?? NaN, 'ms'),
    )
  const odd = answers.filter(({ status }) => status !== 403 && status !== 429).length
  const kept = [before, home].filter((answer) => answer?.status !== 303).length
  results.push(figure('other answers', 'jotwarden', 'errors', odd + kept, '1'))
  return { notes: NOTES, results }
}

function times(kind: string, subject: string, answers: readonly Answered[]): readonly Result[] {
  const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  const count = figure(kind, subject, 'count', sorted.length, '1')
  return [count, figure(kind, subject, 'p50', at(0.5), 'ms'), figure(kind, subject, 'p99', at(0.99), 'ms')]
}

function figure(of: string, subject: string, metric: Result['metric'], value: number, unit: string): Result {
  return { case: of, subject, metric, value, unit, rounds: [] }
}

function names(kind: string): readonly string[] {
  return Array.from({ length: NAMES }, (_, one) => `${kind}-${one}`)
}

const NAMES = 50
const NETWORKS = 100
const CALLERS = 8
const HOME = '198.51.100.200'
const PASSWORD = 'correct horse battery staple'
const NOTES = [
  `wrong passwords for ${2 * NAMES} names from ${NETWORKS} networks, ${CALLERS} at a time, at the sign-in page over HTTP`,
  'argon2id (19 MiB, 2 passes) in its worker; SQLite with synchronous=FULL; one round',
]
