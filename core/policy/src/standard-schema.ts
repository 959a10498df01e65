/**
 * The interface by which zod, valibot, arktype and others check a value (Standard Schema v1, standardschema.dev).
 * Only what is used here is written down.
 */
export interface StandardSchema<Output> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
  }
}

/** What a schema answers: the value it made, or what it found wrong. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly object[] }
