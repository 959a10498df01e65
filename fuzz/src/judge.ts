import { type Examined, examined } from './examine.ts'
import { type FuzzAlgorithm, fuzzAlgorithms, testKey } from './keys.ts'
import type { Rival, Rule } from './rules/rule.ts'
import { rules } from './rules/rules.ts'
import type { Specimen } from './specimen.ts'
import { fastJwt } from './subjects/fast-jwt.ts'
import { jose } from './subjects/jose.ts'
import { tokenAndPolicy, verifier } from './subjects/ours.ts'
import { ACCEPT, type Subject, type Verdict } from './subjects/subject.ts'

/** Two subjects that do not agree, and the rule under which that is meant, if there is one. */
export interface Disagreement {
  readonly between: `ours and ${Rival}` | 'our two ways'
  readonly ours: Verdict
  readonly theirs: Verdict
  readonly rule: Rule | undefined
}

export interface Judgement {
  readonly accepted: boolean
  readonly disagreements: readonly Disagreement[]
}

/** Gives the token to everybody. Throws what no subject may throw: an error of ours that is no refusal. */
export async function judged(
  { alg, token }: Pick<Specimen, 'alg' | 'token'>,
  known: readonly Rule[] = rules,
): Promise<Judgement> {
  const subjects = subjectsOf(alg)
  const ours = await subjects.ours(token)
  const disagreements: Disagreement[] = []
  for (const [rival, subject] of subjects.rivals) {
    const theirs = await subject(token)
    if ((ours === ACCEPT) !== (theirs === ACCEPT))
      disagreements.push({
        between: `ours and ${rival}`,
        ours,
        theirs,
        rule: known.find((rule) => explains(rule, rival, ours, theirs, examined(token))),
      })
  }
  const again = await subjects.verifier?.(token)
  if (again !== undefined && (again === ACCEPT) !== (ours === ACCEPT) && !isBound(again, ours, token))
    disagreements.push({ between: 'our two ways', ours, theirs: again, rule: undefined })
  return { accepted: ours === ACCEPT, disagreements }
}

function explains(rule: Rule, rival: Rival, ours: Verdict, theirs: Verdict, token: Examined): boolean {
  const isOurs = ours === ACCEPT
  return (
    (rule.accepted === 'by us alone') === isOurs &&
    rule.rivals.includes(rival) &&
    rule.refusal.includes(isOurs ? theirs : ours) &&
    rule.holds(token)
  )
}

/** What is bound to a key, the policy passes on, and the verifier refuses where it has no request (RFC 9449 §7.1). */
function isBound(verifierSays: Verdict, policySays: Verdict, token: string): boolean {
  return (
    policySays === ACCEPT &&
    verifierSays === 'sender-constrained' &&
    Object.hasOwn(examined(token).claims, 'cnf')
  )
}

interface Subjects {
  readonly ours: Subject
  readonly verifier: Subject | undefined
  readonly rivals: readonly (readonly [Rival, Subject])[]
}

function subjectsOf(alg: FuzzAlgorithm): Subjects {
  const known = subjects.get(alg)
  if (known === undefined) throw new Error('Cannot judge: the algorithm has no subjects')
  return known
}

const subjects: ReadonlyMap<FuzzAlgorithm, Subjects> = new Map(
  fuzzAlgorithms.map((alg) => {
    const key = testKey(alg)
    const rivals = [
      ['jose', jose(key)],
      ['fast-jwt', fastJwt(key)],
    ] as const
    return [alg, { ours: tokenAndPolicy(key), verifier: verifier(key), rivals }]
  }),
)
