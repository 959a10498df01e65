import { chromium as browserType } from 'playwright-core'
import type { Corpus } from '../run/compare.ts'
import type { CaseAnswers } from '../run/corpus-answers.ts'
import { bundled } from './bundle.ts'
import type { Runtime } from './runtime.ts'

export const chromium: Runtime = {
  name: 'Chromium',
  executable: '/usr/bin/chromium',
  remedy: 'apt-get install chromium',
  answers,
}

async function answers(corpus: Corpus): Promise<readonly CaseAnswers[]> {
  const browser = await browserType.launch({
    executablePath: chromium.executable,
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const page = await browser.newPage()
    // WebCrypto is there for pages of https alone; this one comes out of the test
    await page.route('**/*', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>corpus</title>' }),
    )
    await page.goto('https://corpus.example/')
    await page.addScriptTag({ content: await bundled('in-page.ts', 'web', 'iife') })
    const text = await page.evaluate(
      async (data) => JSON.stringify(await (globalThis as unknown as InPage).corpusAnswers(JSON.parse(data))),
      JSON.stringify(corpus),
    )
    return JSON.parse(text)
  } finally {
    await browser.close()
  }
}

interface InPage {
  corpusAnswers(corpus: Corpus): Promise<readonly CaseAnswers[]>
}
