export type { Configuration } from './config/configuration.ts'
export { describeSource, type Finding, type Source } from './config/finding.ts'
export {
  type ConfigurationPlace,
  type EffectiveValue,
  type LoadedConfiguration,
  loadConfiguration,
} from './config/load.ts'
export { main } from './main.ts'
export { createLog, type LogOptions } from './output/log.ts'
export { Refusal, type RefusalKind } from './refusal.ts'
export { settingsOf } from './state/open-authority.ts'
export { systemClock, systemRandom } from './state/system.ts'
export { version } from './version.ts'
