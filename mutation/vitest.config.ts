import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

const source = (path: string): string => join(process.cwd(), path)

/** Stryker works in a copy whose node_modules lead back to the original: names of packages have to lead to the copy. */
export default defineConfig({
  ssr: { resolve: { conditions: ['jotwarden-source', 'node', 'import', 'module', 'default'] } },
  resolve: {
    alias: [
      { find: /^@jotwarden\/token\/jwe$/, replacement: source('core/token/src/jwe/index.ts') },
      { find: /^@jotwarden\/token$/, replacement: source('core/token/src/index.ts') },
      { find: /^@jotwarden\/policy$/, replacement: source('core/policy/src/index.ts') },
    ],
  },
  test: {
    include: [`core/${process.env.MUTATED_PACKAGE}/test/**/*.test.ts`],
    // These look at builds, documents and other platforms, or take longer than all others together
    exclude: [
      '**/node_modules/**',
      '**/bundle.test.ts',
      '**/documentation.test.ts',
      '**/platform.test.ts',
      '**/cookbook.test.ts',
      '**/single-change.test.ts',
      '**/signature-forms.test.ts',
      '**/key-floors.test.ts',
      '**/mark-set.test.ts',
      '**/feed-message.test.ts',
      'core/token/test/jwe/**',
      'core/token/test/{sign,sealed,refresh-token}.test.ts',
    ],
    environment: 'node',
    testTimeout: 30_000,
  },
})
