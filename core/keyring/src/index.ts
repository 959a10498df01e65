export { createKeyring, type KeyringOptions } from './create-keyring.ts'
export { expiredFrom, LONGEST_CRYPTOPERIOD } from './cryptoperiod.ts'
export { KeyringError, type KeyringErrorCode } from './errors.ts'
export { type ImportedKeys, type ImportKeysRequest, importKeys, type KeyFinding } from './import-keys.ts'
export { type KeyCourse, type KeySpan, keyCourses } from './key-course.ts'
export type { KeyEvent, KeyEventType } from './key-event.ts'
export { type KeyPlan, knownFrom, type PurposePlan, removableFrom, unusedFrom } from './key-plan.ts'
export type { KeyRecord } from './key-record.ts'
export type { KeyRecords } from './key-records.ts'
export type { GeneratedKey, KeyRequest, KeyStore } from './key-store.ts'
export { type KeyTransition, transitioned } from './key-transition.ts'
export { isWorn } from './key-uses.ts'
export type { Keyring } from './keyring.ts'
export { isKeyPurpose, type KeyPurpose, type KeyPurposeEntry, type KeyType, keyPurposes } from './purposes.ts'
export { isBare, type LostKeysRequest, type ReplacedKeys, replaceLostKeys } from './replace-lost-keys.ts'
export { type Rewrapped, rewrapKeys } from './rewrap-keys.ts'
export type { Rotated } from './rotate-key.ts'
export { areSameRecords } from './same-records.ts'
export {
  dueSteps,
  type KeyAct,
  type KeyStep,
  type KeyStepReason,
  plannedSteps,
  type ScheduleInput,
} from './schedule.ts'
export {
  isKeyState,
  isPublished,
  type KeyState,
  type KeyStateEntry,
  keyStates,
  mayProcess,
  mayProtect,
  mayTransition,
} from './states.ts'
export type { Superseded } from './supersede.ts'
export type { KeySchedule } from './tend-keys.ts'
