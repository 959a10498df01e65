/** Starts `callers` calls before any is answered, and gives their answers in the order of starting. */
export function race<Answer>(
  callers: number,
  call: (caller: number) => Promise<Answer>,
): Promise<readonly Answer[]> {
  return Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)))
}

/** How often each answer was given. */
export function tally(answers: readonly (string | { readonly outcome: string })[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const answer of answers) {
    const word = typeof answer === 'string' ? answer : answer.outcome
    counts[word] = (counts[word] ?? 0) + 1
  }
  return counts
}
