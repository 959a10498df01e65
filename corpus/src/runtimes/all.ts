import { chromium } from './chromium.ts'
import { NOT_ASKED } from './difference.ts'
import type { Runtime } from './runtime.ts'
import { bun, deno, node22 } from './with-node-modules.ts'
import { workerd } from './workerd.ts'

/** A runtime, and the verdicts that are known to be others there. */
export interface KnownRuntime {
  readonly runtime: Runtime
  readonly known: Readonly<Record<string, string>>
}

/** A key that cannot be imported is left out of a key set, so that its tokens find none (RFC 7517 §5). */
const withoutMlDsa: Readonly<Record<string, string>> = {
  'confusion/control-ml-dsa-44 import': 'key/unsupported',
  'confusion/control-ml-dsa-44 verify': 'token/unknown-key',
  'confusion/control-ml-dsa-44 decide': NOT_ASKED,
  'confusion/control-ml-dsa-44 verifier': 'token/unknown-key',
  'confusion/control-ml-dsa-44 fetched': 'token/unknown-key',
  'confusion/control-ml-dsa-44 several': 'token/unknown-key',
  'confusion/control-ml-dsa-44 authenticate': 'token/unknown-key',
}

/** Every runtime that the corpus is shown on beside Node. */
export const runtimes: readonly KnownRuntime[] = [
  // Neither has ML-DSA in its node:crypto
  { runtime: node22, known: withoutMlDsa },
  { runtime: deno, known: withoutMlDsa },
  { runtime: bun, known: {} },
  // Nor has its WebCrypto
  { runtime: workerd, known: withoutMlDsa },
  { runtime: chromium, known: {} },
]
