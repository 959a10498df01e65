import type { Configuration } from './configuration.ts'
import type { Environment } from './environment.ts'
import type { Finding } from './finding.ts'
import { checkKek } from './kek.ts'
import { checkPages } from './pages.ts'

/** What is wrong in the files that a configuration names, one that is right so far. */
export function checkFiles(configuration: Configuration, environment: Environment): readonly Finding[] {
  return [...checkKek(configuration, environment), ...checkPages(configuration)]
}
