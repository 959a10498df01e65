import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { answerShape } from '../src/answer-shape.ts'
import { scratchFolder } from '../src/scratch-folder.ts'
import { startSubject } from '../src/subject.ts'

const SIGNATURES = { 'client-credentials': 1, refresh: 2 }

for (const name of ['jotwarden', 'oidc-provider', 'floor']) {
  test(`startSubject() starts ${name}, whose answers take the same signatures as the others', and stops it`, async () => {
    const folder = scratchFolder()
    mkdirSync(join(folder, name))
    const subject = await startSubject(name, [join(folder, name), '--id-token'])
    onTestFinished(async () => {
      await subject.stop()
      rmSync(folder, { recursive: true })
    })
    for (const [of, signatures] of Object.entries(SIGNATURES)) {
      const file = join(folder, 'bodies')
      const requests = await subject.prepare({ case: of, count: 2, file })
      expect(await answerShape(subject, of, requests, file)).toMatchObject({ signatures })
    }
    await subject.stop()
    await expect(fetch(subject.origin)).rejects.toThrow('fetch failed')
  })
}
