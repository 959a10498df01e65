import { createKeyring, type KeyPlan, type Keyring, plannedSteps } from '@jotwarden/keyring'
import { MemoryKeyRecords } from './memory-key-records.ts'
import { issuer } from './opened-keyring.ts'
import { PlainKeyStore } from './plain-key-store.ts'

/** What went wrong; all of it empty when the promises hold. */
export interface Outcome {
  /** Valid tokens whose key a verifier's copy of the key set, as old as it may be, does not have. */
  readonly unknownSigners: string[]
  /** Sessions and sign-ins under way whose key is gone before they are. */
  readonly lostSecrets: string[]
  readonly rotations: Readonly<Record<string, number>>
  readonly checks: number
}

/** How the world of the simulation is; by itself as bad as the plan allows. */
export interface World {
  readonly days: number
  readonly seed: number
  /** What the nodes go by. */
  readonly plan: KeyPlan
  /** For how long foreign verifiers keep the key set: without a look at any key id they do not know. */
  readonly jwksMaxAge: number
  readonly sessionLifetime: number
}

/**
 * Two nodes and three foreign verifiers, each with a clock of its own. Nodes are held up for hours, or their clocks stand
 * still with them; now and then somebody replaces a key ahead of its date, twice in a row.
 */
export async function simulate(world: World): Promise<Outcome> {
  const simulation = await Simulation.begin(world)
  return simulation.run()
}

interface Node {
  readonly keyring: Keyring
  readonly clock: { offset: number; now(): number }
  heldUntil: number
}

interface Verifier {
  readonly offset: number
  readonly kids: Set<string>
  fetchedAt: number
}

class Simulation {
  readonly #world: World
  readonly #records = new MemoryKeyRecords()
  readonly #chance: () => number
  readonly #nodes: Node[] = []
  readonly #verifiers: Verifier[]
  readonly #outcome = {
    unknownSigners: [] as string[],
    lostSecrets: [] as string[],
    rotations: { 'token-signing': 0, 'refresh-mac': 0, sealing: 0 },
    checks: 0,
  }
  /** True time. */
  #time = START
  #tokens: { readonly kid: string; readonly exp: number }[] = []
  #secrets: { readonly purpose: 'refresh-mac' | 'sealing'; readonly kid: string; readonly end: number }[] = []
  #hasty: { readonly first: number; second: number | undefined } = {
    first: START + 9 * DAY,
    second: undefined,
  }

  static async begin(world: World): Promise<Simulation> {
    const simulation = new Simulation(world)
    for (const { keyring } of simulation.#nodes) await keyring.open()
    return simulation
  }

  private constructor(world: World) {
    this.#world = world
    this.#chance = chanceOf(world.seed)
    const store = new PlainKeyStore()
    const { skew } = world.plan
    for (const offset of [-skew / 2, skew / 2]) {
      const clock = { offset, now: () => this.#time + clock.offset }
      const schedule = { plan: world.plan, latestEnd: async () => 0 }
      const keyring = createKeyring({ issuer, records: this.#records, store, clock, schedule })
      this.#nodes.push({ keyring, clock, heldUntil: 0 })
    }
    this.#verifiers = [-skew / 2, 0, skew / 2].map((offset) => ({
      offset,
      kids: new Set(),
      fetchedAt: Number.NEGATIVE_INFINITY,
    }))
  }

  async run(): Promise<Outcome> {
    const end = START + this.#world.days * DAY
    while (this.#time < end) {
      const isNear = await this.#isNearAStep()
      this.#time += isNear ? 1 + this.#chance() * 12 : 600 + this.#chance() * 6000
      for (const verifier of this.#verifiers) if (this.#chance() < 0.5) await this.#check(verifier)
      for (const node of this.#nodes) await this.#live(node, isNear)
      for (const verifier of this.#verifiers) await this.#check(verifier)
      await this.#checkSecrets()
    }
    for (const { type, purpose, cause } of this.#records.events)
      if (type === 'key-activated' && cause === 'schedule') this.#outcome.rotations[purpose] += 1
    return this.#outcome
  }

  /** Whether a date lies within some minutes, when time has to go slowly for anything to be seen. */
  async #isNearAStep(): Promise<boolean> {
    const records = await this.#records.list(issuer)
    const coming = plannedSteps({ records, now: this.#time, plan: this.#world.plan }).map(({ at }) => at)
    const past = records.flatMap(({ activatedAt, retiredAt }) => [activatedAt ?? 0, retiredAt ?? 0])
    return (
      [...coming, ...past, this.#hasty.first].some((at) => Math.abs(at - this.#time) < 400) ||
      this.#hasty.second !== undefined
    )
  }

  async #live(node: Node, isNear: boolean): Promise<void> {
    if (this.#time < node.heldUntil) return
    if (node.clock.offset < -this.#world.plan.skew && this.#chance() < 0.5) this.#setClock(node)
    // Requests come first, so that a node that was held up meets them with what it remembers.
    await this.#serve(node)
    if (!isNear || this.#chance() < 0.3) await node.keyring.tend()
    await this.#replaceAhead(node)
    if (this.#chance() < (isNear ? 0.02 : 0.005)) this.#hold(node)
  }

  async #serve({ keyring, clock }: Node): Promise<void> {
    await keyring.renew()
    const now = clock.now()
    this.#tokens.push({ kid: keyring.signer().kid, exp: now + TOKEN_LIFETIME })
    if (this.#chance() < 0.2)
      this.#secrets.push(
        { purpose: 'refresh-mac', kid: keyring.macKey().kid, end: now + this.#world.sessionLifetime },
        { purpose: 'sealing', kid: keyring.sealKey().kid, end: now + INTERACTION_LIFETIME },
      )
  }

  /** A process that stands still, or a machine whose clock does too and is set right some time after. */
  #hold(node: Node): void {
    const seconds = this.#chance() * 7200
    node.heldUntil = this.#time + seconds
    // A clock that is off by more than the plan says is no node's right; with a spare of its age it does no harm.
    if (this.#hasty.second === undefined && this.#chance() < 0.3) node.clock.offset -= seconds
  }

  #setClock(node: Node): void {
    node.clock.offset =
      this.#nodes.indexOf(node) === 0 ? -this.#world.plan.skew / 2 : this.#world.plan.skew / 2
  }

  /** Twice, the second time as soon as it is allowed: then the spare is as young as it may be. */
  async #replaceAhead(node: Node): Promise<void> {
    if (Math.abs(node.clock.offset) > this.#world.plan.skew) return
    const { first, second } = this.#hasty
    const due = second === undefined ? this.#time >= first : node.clock.now() >= second
    if (!due) return
    for (const other of this.#nodes) if (other.heldUntil > this.#time) return
    for (const other of this.#nodes) this.#setClock(other)
    await node.keyring.renew()
    await node.keyring.rotate('token-signing')
    const again = second === undefined ? await node.keyring.rotate('token-signing') : undefined
    this.#hasty =
      again?.outcome === 'too-early'
        ? { first, second: again.at }
        : { first: this.#time + 17 * DAY, second: undefined }
  }

  async #check(verifier: Verifier): Promise<void> {
    if (this.#time - verifier.fetchedAt >= this.#world.jwksMaxAge) await this.#fetch(verifier)
    const now = this.#time + verifier.offset
    this.#tokens = this.#tokens.filter(({ exp }) => exp + LEEWAY > this.#time - this.#world.plan.skew)
    for (const { kid, exp } of this.#tokens.filter(({ exp }) => now < exp + LEEWAY)) {
      this.#outcome.checks += 1
      if (!verifier.kids.has(kid)) this.#outcome.unknownSigners.push(`${kid} until ${exp} at ${this.#time}`)
    }
  }

  async #fetch(verifier: Verifier): Promise<void> {
    const up = this.#nodes.filter(({ heldUntil }) => heldUntil <= this.#time)
    const node = up.at(Math.floor(this.#chance() * up.length))
    if (node === undefined) return
    await node.keyring.renew()
    verifier.kids.clear()
    for (const { kid = '' } of node.keyring.jwks().keys) verifier.kids.add(kid)
    verifier.fetchedAt = this.#time
  }

  async #checkSecrets(): Promise<void> {
    for (const { keyring, clock, heldUntil } of this.#nodes) {
      if (heldUntil > this.#time) continue
      await keyring.renew()
      const now = clock.now()
      for (const { purpose, kid, end } of this.#secrets.filter(({ end }) => now < end)) {
        this.#outcome.checks += 1
        const key = purpose === 'sealing' ? keyring.sealKeyFor(kid) : keyring.macKeyFor(kid)
        if (key === undefined)
          this.#outcome.lostSecrets.push(`${purpose} ${kid} until ${end} at ${this.#time}`)
      }
    }
    this.#secrets = this.#secrets.filter(({ end }) => end > this.#time - 7200)
    if (this.#secrets.length > MOST_SECRETS) this.#secrets = this.#secrets.filter((_, at) => at % 2 === 0)
  }
}

/** The same numbers for the same seed (mulberry32). */
function chanceOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const DAY = 86_400
const START = 1_800_000_000
const TOKEN_LIFETIME = 600
const INTERACTION_LIFETIME = 1800
const LEEWAY = 60
const MOST_SECRETS = 400
