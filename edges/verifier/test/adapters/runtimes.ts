import { existsSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'rolldown'
import { describe, expect, test } from 'vitest'

// The frameworks that weigh too much for the workspace have an install of their own, in `runtimes/`

export const runtimesFolder: string = fileURLToPath(new URL('../../../../runtimes/', import.meta.url))

/** Describes what needs packages of `runtimes/`: loudly left out where they are missing, a failure in CI. */
export function describeWith(packages: readonly string[], name: string, body: () => void): void {
  const missing = packages.filter((one) => !existsSync(`${runtimesFolder}node_modules/${one}`))
  if (missing.length === 0) return void describe(name, body)
  const remedy = `NOT TESTED: ${name}; install ${missing.join(', ')} with: npm ci --prefix runtimes`
  console.warn(remedy)
  describe(name, () => {
    if (process.env.JOTWARDEN_CI === undefined) test.skip(remedy)
    else test('is installed', () => expect.fail(remedy))
  })
}

/** Loads an application of `runtimes/`, with this package from source and all others from its own install. */
export async function loadApp(entry: string): Promise<unknown> {
  const file = `node_modules/.jotwarden/${entry.replaceAll('/', '-').replace(/\.ts$/, '.mjs')}`
  await bundleApp(entry, file)
  return import(/* @vite-ignore */ pathToFileURL(runtimesFolder + file).href)
}

/** Makes one file of an application of `runtimes/` and this package. */
export async function bundleApp(entry: string, file: string): Promise<void> {
  await build({
    input: runtimesFolder + entry,
    platform: 'node',
    tsconfig: false,
    transform: {
      decorator: { legacy: true, emitDecoratorMetadata: true },
      helpers: { mode: 'External' },
    },
    resolve: { conditionNames: ['jotwarden-source', 'node', 'import', 'default'] },
    external: (id) => !/^(?:[./#]|@jotwarden\/)/.test(id),
    output: { file: runtimesFolder + file, format: 'esm', banner: `const babelHelpers = ${helpers}` },
  })
}

/** What compiled decorators call, as TypeScript has it. */
const helpers = `{
  decorate(decorators, target, key, described) {
    const own = arguments.length < 3 ? target : described === null ? Object.getOwnPropertyDescriptor(target, key) : described
    const done = decorators.reduceRight(
      (now, decorate) => (arguments.length < 3 ? decorate(now) : decorate(target, key, now)) ?? now,
      own,
    )
    if (arguments.length > 3 && done) Object.defineProperty(target, key, done)
    return done
  },
  decorateParam: (index, decorate) => (target, key) => decorate(target, key, index),
  decorateMetadata: (key, value) => Reflect.metadata(key, value),
}`
