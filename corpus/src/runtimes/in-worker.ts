import { corpusAnswers } from '../run/corpus-answers.ts'

// For workers: the corpus in the body of a request, the answers in that of the response
async function answer(request: Request): Promise<Response> {
  return Response.json(await corpusAnswers(await request.json()))
}

// biome-ignore lint/style/noDefaultExport: what a worker is
export default { fetch: answer }
