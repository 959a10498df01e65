import { corpusAnswers } from '../run/corpus-answers.ts'

// For pages: a function that whoever drives the browser calls
Object.assign(globalThis, { corpusAnswers })
