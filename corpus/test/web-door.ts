import { Buffer } from 'node:buffer'
import { execPath } from 'node:process'
import type { Corpus } from '../src/run/compare.ts'
import type { CaseAnswers } from '../src/run/corpus-answers.ts'
import { bundled } from '../src/runtimes/bundle.ts'
import type { Runtime } from '../src/runtimes/runtime.ts'

/** Node itself, by the door of browsers: it has WebCrypto too. */
export const webDoor: Runtime = {
  name: 'Node by the door of the web',
  executable: execPath,
  remedy: '',
  answers,
}

async function answers(corpus: Corpus): Promise<readonly CaseAnswers[]> {
  const code = await bundled('in-worker.ts', 'web')
  const { default: worker }: { default: { fetch(request: Request): Promise<Response> } } = await import(
    `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`
  )
  const request = new Request('https://corpus.example/', { method: 'POST', body: JSON.stringify(corpus) })
  return (await (await worker.fetch(request)).json()) as readonly CaseAnswers[]
}
