import type { Judgement } from './run/compare.ts'

/** For people: cases of each group, how many are answered as expected, and those that are not. */
export function tableOf(judgements: readonly Judgement[]): string {
  const groups: (readonly [string, readonly Judgement[]])[] = [
    ...Map.groupBy(judgements, (one) => one.group),
    ['all', judgements],
  ]
  const rows = groups.map(([group, members]) => {
    const answers = members.reduce((sum, one) => sum + one.answers.length, 0)
    const good = members.filter((one) => one.faults.length === 0).length
    const controls = members.filter((one) => one.control).length
    return [group, members.length - controls, controls, answers, good].map(String)
  })
  const faults = judgements.flatMap((one) => one.faults.map((fault) => `${one.id}  ${fault}`))
  return [...aligned([HEAD, ...rows]), '', ...faults].join('\n').trimEnd()
}

function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  )
}

const HEAD = ['group', 'hostile', 'controls', 'answers', 'as expected']
