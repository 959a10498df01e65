import { isAbsolute, relative, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/** Where a bundle is meant to run: Node and what is like it, or workers and browsers. */
export type BundleTarget = 'node' | 'web'

export interface Bundle {
  /** Minified and compressed, in bytes, as it goes over the wire. */
  readonly gzip: number
  /** What it imports at run time, such as `node:crypto`. */
  readonly imports: readonly string[]
  /** Bytes before minifying by file, relative to the repository; largest first. */
  readonly modules: ReadonlyMap<string, number>
}

/** Bundles one module's source text as an application would, everything unused shaken off. */
export async function bundleOf(source: string, target: BundleTarget): Promise<Bundle> {
  const bundle = await rolldown({
    input: ENTRY,
    cwd: ROOT,
    platform: target === 'node' ? 'node' : 'browser',
    resolve: { conditionNames: ['jotwarden-source', ...CONDITIONS[target], 'import', 'default'] },
    external: [/^node:/],
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? resolve(ROOT, 'bench', ENTRY) : null),
        load: (id) => (id.endsWith(ENTRY) ? source : null),
      },
    ],
  })
  try {
    const { output } = await bundle.generate({ format: 'esm', minify: true })
    const [chunk, ...others] = output
    if (others.length > 0) throw new Error('Cannot measure the bundle: it has more than one chunk')
    return {
      gzip: gzipSync(chunk.code, { level: 9 }).length,
      imports: chunk.imports,
      modules: new Map(
        Object.entries(chunk.modules)
          .filter(([id]) => isAbsolute(id) && !id.endsWith(ENTRY))
          .map(([id, module]): [string, number] => [relative(ROOT, id), module.renderedLength])
          .toSorted(([, a], [, b]) => b - a),
      ),
    }
  } finally {
    await bundle.close()
  }
}

const ENTRY = 'bundled-entry.js'
const ROOT: string = resolve(import.meta.dirname, '../..')
const CONDITIONS: Readonly<Record<BundleTarget, readonly string[]>> = {
  node: ['node'],
  web: ['browser'],
}
