export { StoreError, type StoreErrorCode } from './errors.ts'
export { openSqliteStores, type SqliteStoreOptions, type SqliteStores } from './open-sqlite-stores.ts'
