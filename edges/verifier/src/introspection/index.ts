export { type IntrospectionOptions, introspection } from './introspection.ts'
