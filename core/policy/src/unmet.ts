/**
 * Where demands keep their check, so that a profile needs no more of them. Not exported from the package: nobody can
 * write demands by hand.
 */
export const unmet: unique symbol = Symbol('unmet')
