import { readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { corpusAnswers } from '../run/corpus-answers.ts'

// For runtimes with Node's modules: a file with the corpus in, the answers out
console.log(JSON.stringify(await corpusAnswers(JSON.parse(readFileSync(argv[2] ?? '', 'utf8')))))
