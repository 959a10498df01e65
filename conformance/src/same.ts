import { deepStrictEqual } from 'node:assert/strict'

/** Asserts that two values hold the same; whether bytes come as Buffer or Uint8Array is the driver's own affair. */
export function same(actual: unknown, expected: unknown): void {
  deepStrictEqual(structuredClone(actual), structuredClone(expected))
}
