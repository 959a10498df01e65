export { createMemoryStores } from './create-memory-stores.ts'
export { StoreError, type StoreErrorCode } from './errors.ts'
