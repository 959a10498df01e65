import { fileURLToPath } from 'node:url'
import { type OutputChunk, rolldown } from 'rolldown'

/** Which side of the platform door the bundle takes. */
export type Door = 'node' | 'web'

/** One file with all that an entry of this folder needs, from source. */
export async function bundled(entry: string, door: Door, format: 'esm' | 'iife' = 'esm'): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL(entry, import.meta.url)),
    platform: door === 'node' ? 'node' : 'browser',
    resolve: {
      conditionNames: ['jotwarden-source', door === 'node' ? 'node' : 'browser', 'import', 'default'],
    },
    // Nothing may be left for a runtime to find
    onLog: (_level, log) => {
      throw new Error(log.message)
    },
  })
  const { output } = await bundle.generate({ format })
  await bundle.close()
  const chunks = output.filter((one): one is OutputChunk => one.type === 'chunk')
  const [chunk] = chunks
  const foreign = chunk?.imports.filter((name) => door === 'web' || !name.startsWith('node:')) ?? []
  if (chunk === undefined || chunks.length > 1 || foreign.length > 0)
    throw new Error(`${entry}: the bundle is not whole`)
  return chunk.code
}
