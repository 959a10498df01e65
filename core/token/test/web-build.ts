import { Buffer } from 'node:buffer'
import { fileURLToPath } from 'node:url'
import { type OutputChunk, rolldown } from 'rolldown'

export type Token = typeof import('@jotwarden/token')

/** The code of one chunk with all that the source needs, as a bundler for browsers makes it. */
export async function webBundle(source: string, { minify = false } = {}): Promise<string> {
  const bundle = await rolldown({
    input: ENTRY,
    platform: 'browser',
    resolve: { conditionNames: ['jotwarden-source', 'browser', 'import', 'default'] },
    // Nothing may be left for a runtime to find
    onLog: (_level, log) => {
      throw new Error(log.message)
    },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? fileURLToPath(new URL(ENTRY, import.meta.url)) : null),
        load: (id) => (id.endsWith(ENTRY) ? source : null),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm', minify })
  await bundle.close()
  const chunks = output.filter((one): one is OutputChunk => one.type === 'chunk')
  const [chunk] = chunks
  if (chunk === undefined || chunks.length > 1 || chunk.imports.length > 0)
    throw new Error('the bundle is not whole')
  return chunk.code
}

/** The package as a browser gets it: on WebCrypto. Node has the same globals, so it runs here. */
export async function webToken(): Promise<Token> {
  const code = await webBundle("export * from '@jotwarden/token'")
  return await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
}

const ENTRY = 'entry-of-the-bundle.js'
