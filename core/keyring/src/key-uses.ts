import type { KeyPlan } from './key-plan.ts'
import type { KeyRecord } from './key-record.ts'
import { isKeyPurpose, type KeyPurpose, keyPurposes } from './purposes.ts'
import { mayProtect } from './states.ts'

/** Takes so many uses of a key from its record, as `KeyRecords.reserve` does. */
export type ReserveUses = (kid: string, count: number, most: number) => Promise<number>

/** How often a key may be used at all; undefined where nothing is counted. */
function mostUses(purpose: KeyPurpose, plan: KeyPlan | undefined): number | undefined {
  const most = keyPurposes[purpose].mostUses
  if (most !== null) return most
  // A key that is only to be replaced goes on while its successor is on its way
  return plan?.purposes[purpose].rotationVolume === undefined ? undefined : Number.MAX_SAFE_INTEGER
}

/** Whether so much of the key is used or taken that another should do its work. */
export function isWorn({ purpose, uses }: KeyRecord, plan: KeyPlan): boolean {
  const most = keyPurposes[purpose].mostUses
  const wanted = plan.purposes[purpose].rotationVolume ?? Number.POSITIVE_INFINITY
  return uses >= Math.min(wanted, most === null ? Number.POSITIVE_INFINITY : most / 2)
}

/**
 * What this process may still do with its active keys. Uses are taken from the record in blocks before they happen, so that
 * a process that dies leaves too many counted and never too few. Blocks double: what runs for a moment takes
 * little.
 */
export class KeyUses {
  readonly #reserve: ReserveUses
  readonly #plan: () => KeyPlan | undefined
  readonly #blocks = new Map<string, Block>()

  constructor(reserve: ReserveUses, plan: () => KeyPlan | undefined) {
    this.#reserve = reserve
    this.#plan = plan
  }

  /** Takes blocks for the active keys. What the store cannot give now, is asked for later. */
  async prepare(records: readonly KeyRecord[]): Promise<void> {
    const plan = this.#plan()
    for (const { kid, purpose } of activeOf(records)) {
      const most = mostUses(purpose, plan)
      if (most === undefined) continue
      const block = this.#blocks.get(kid) ?? { left: 0, size: FIRST_BLOCK, most, taking: undefined }
      this.#blocks.set(kid, block)
      if (block.left < block.size / 2) await this.#fill(kid, block)
    }
  }

  /** Forgets the blocks of keys that are not active any more, or not counted. */
  forgetOthers(records: readonly KeyRecord[]): void {
    const plan = this.#plan()
    const counted = activeOf(records).filter(({ purpose }) => mostUses(purpose, plan) !== undefined)
    const kids = new Set(counted.map(({ kid }) => kid))
    for (const kid of this.#blocks.keys()) if (!kids.has(kid)) this.#blocks.delete(kid)
  }

  /** Uses the key once; false when it may not be used now. */
  take(kid: string, purpose: KeyPurpose): boolean {
    const block = this.#blocks.get(kid)
    // Nothing is counted, or not before the next reading; a limit of the algorithm is never without a block
    if (block === undefined) return keyPurposes[purpose].mostUses === null
    if (block.left < block.size / 2) void this.#fill(kid, block)
    if (block.left === 0) return false
    block.left -= 1
    return true
  }

  async #fill(kid: string, block: Block): Promise<void> {
    block.taking ??= this.#takeBlock(kid, block)
    await block.taking
  }

  async #takeBlock(kid: string, block: Block): Promise<void> {
    try {
      const taken = await this.#reserve(kid, block.size, block.most)
      block.left += taken
      if (taken > 0) block.size = Math.min(block.size * 2, LARGEST_BLOCK)
    } catch {
      // The uses that are left are still its own; without any, take() refuses
    } finally {
      block.taking = undefined
    }
  }
}

function activeOf(records: readonly KeyRecord[]): readonly KeyRecord[] {
  return records.filter(({ state, purpose }) => mayProtect(state) && isKeyPurpose(purpose))
}

interface Block {
  left: number
  size: number
  readonly most: number
  taking: Promise<void> | undefined
}

/** So much that requests which come at once do not use it up before the store has given more. */
const FIRST_BLOCK = 1024
const LARGEST_BLOCK = 65_536
