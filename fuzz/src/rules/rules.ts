import { claimRules } from './claims.ts'
import { formRules } from './form.ts'
import { headerRules } from './header.ts'
import type { Rule } from './rule.ts'

/**
 * Every way in which we and the others are known to disagree. A rule is tied to who accepts, to how the refusal is put
 * and to what the token is like, so that it excuses nothing else.
 */
export const rules: readonly Rule[] = [...formRules, ...headerRules, ...claimRules]
