/** A package under mutation: which of its files, and which of its tests have to notice. */
export interface MutatedPackage {
  readonly name: 'token' | 'policy'
  /** Those on the way of every token, whose surviving mutants are all listed. */
  readonly files: readonly string[]
}

export const mutatedPackages: readonly MutatedPackage[] = [
  {
    name: 'policy',
    files: [
      'access-profile',
      'audience',
      'checklist',
      'claim-check',
      'claim-shapes',
      'decide',
      'demand',
      'issuer',
      'kind-checks',
      'profile',
      'profile-of-terms',
      'scopes',
      'shared-options',
      'validity',
    ],
  },
  {
    name: 'token',
    files: ['base64url', 'compact', 'header', 'json', 'key-checks', 'key-set', 'kid', 'typ', 'verify'],
  },
]

/** What Stryker is told, beside what stands in `stryker.config.json`. */
export function strykerOptions(
  { name, files }: MutatedPackage,
  withStatic: boolean,
): Record<string, unknown> {
  return {
    mutate: [`core/${name}/src/{${files.join(',')}}.ts`],
    ignoreStatic: !withStatic,
    jsonReporter: { fileName: reportOf(name) },
    incrementalFile: `artefacts/mutation/${name}-incremental.json`,
    tempDirName: `mutation/dist/${name}`,
  }
}

export function reportOf(name: MutatedPackage['name']): string {
  return `artefacts/mutation/${name}.json`
}
