/** One metric, as `docs/operating.md` lists it. Values of labels come from the program, never from a request. */
export interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly labels: readonly string[]
  readonly help: string
  /** Upper bounds, rising. */
  readonly buckets?: readonly number[]
}

export type FamilyName =
  | 'jotwarden_http_requests_total'
  | 'jotwarden_http_request_duration_seconds'
  | 'jotwarden_token_requests_total'
  | 'jotwarden_tokens_issued_total'
  | 'jotwarden_access_token_lifetime_seconds'
  | 'jotwarden_refreshes_total'
  | 'jotwarden_refresh_interval_seconds'
  | 'jotwarden_sign_ins_total'
  | 'jotwarden_throttled_attempts_total'
  | 'jotwarden_revocations_total'
  | 'jotwarden_security_events_total'
  | 'jotwarden_feed_readers'
  | 'jotwarden_feed_head'
  | 'jotwarden_revocation_log_head'
  | 'jotwarden_keys'
  | 'jotwarden_key_activated_timestamp_seconds'
  | 'jotwarden_key_next_step_timestamp_seconds'
  | 'jotwarden_key_problems'
  | 'jotwarden_store_readable'
  | 'jotwarden_store_size_bytes'
  | 'jotwarden_store_commit_acts'
  | 'jotwarden_store_commit_wait_seconds'
  | 'jotwarden_store_pruned_rows_total'
  | 'jotwarden_hasher_queue_length'
  | 'jotwarden_build_info'
  | 'nodejs_eventloop_lag_mean_seconds'
  | 'nodejs_eventloop_lag_p99_seconds'
  | 'nodejs_eventloop_lag_max_seconds'
  | 'nodejs_heap_size_used_bytes'
  | 'nodejs_heap_size_total_bytes'
  | 'process_cpu_seconds_total'
  | 'process_resident_memory_bytes'
  | 'process_start_time_seconds'

/** The one table of metrics, in the order of their listing. */
export const families: Readonly<Record<FamilyName, Family>> = {
  jotwarden_http_requests_total: {
    type: 'counter',
    labels: ['route', 'method', 'status'],
    help: 'Requests answered. Every path that is no endpoint has the route (none).',
  },
  jotwarden_http_request_duration_seconds: {
    type: 'histogram',
    labels: ['route'],
    help: 'Time from a request to its answer; streams count until they begin.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  jotwarden_token_requests_total: {
    type: 'counter',
    labels: ['grant', 'outcome'],
    help: 'Requests for tokens by grant type, and issued or the error that refused them.',
  },
  jotwarden_tokens_issued_total: {
    type: 'counter',
    labels: ['grant', 'kind'],
    help: 'Tokens issued by grant type: access, refresh and id.',
  },
  jotwarden_access_token_lifetime_seconds: {
    type: 'gauge',
    labels: [],
    help: 'tokens.access_token_lifetime as configured.',
  },
  jotwarden_refreshes_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'What became of authentic refresh tokens.',
  },
  jotwarden_refresh_interval_seconds: {
    type: 'histogram',
    labels: [],
    help: 'Mean time between two refreshes of a session so far, told at each that moves its counter.',
    buckets: [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400],
  },
  jotwarden_sign_ins_total: {
    type: 'counter',
    labels: ['outcome'],
    help: 'Sign-ins with a password: accepted, refused, or throttled without a look.',
  },
  jotwarden_throttled_attempts_total: {
    type: 'counter',
    labels: ['kind'],
    help: 'Attempts that must wait after too many failures: login, client or grant.',
  },
  jotwarden_revocations_total: {
    type: 'counter',
    labels: ['kind', 'cause'],
    help: 'What was taken back, and why.',
  },
  jotwarden_security_events_total: {
    type: 'counter',
    labels: ['type', 'cause'],
    help: 'Security events written by this process.',
  },
  jotwarden_feed_readers: {
    type: 'gauge',
    labels: [],
    help: 'Open streams of the revocation feed.',
  },
  jotwarden_feed_head: {
    type: 'gauge',
    labels: [],
    help: 'The greatest number up to which a reader of the feed was told; 0 while nobody was.',
  },
  jotwarden_revocation_log_head: {
    type: 'gauge',
    labels: [],
    help: 'The number of the newest mark in the revocation log.',
  },
  jotwarden_keys: {
    type: 'gauge',
    labels: ['purpose', 'state'],
    help: 'Keys by purpose and state, retired ones left out.',
  },
  jotwarden_key_activated_timestamp_seconds: {
    type: 'gauge',
    labels: ['purpose'],
    help: 'When the active key of the purpose became active.',
  },
  jotwarden_key_next_step_timestamp_seconds: {
    type: 'gauge',
    labels: ['purpose'],
    help: 'When the next step of the key schedule is due.',
  },
  jotwarden_key_problems: {
    type: 'gauge',
    labels: [],
    help: 'Keys that are left out because they cannot be opened.',
  },
  jotwarden_store_readable: {
    type: 'gauge',
    labels: [],
    help: '1 when the store answered while these metrics were read, else 0.',
  },
  jotwarden_store_size_bytes: {
    type: 'gauge',
    labels: ['file'],
    help: 'Size of the database and of its write-ahead log.',
  },
  jotwarden_store_commit_acts: {
    type: 'histogram',
    labels: [],
    help: 'Acts that shared one commit.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  },
  jotwarden_store_commit_wait_seconds: {
    type: 'histogram',
    labels: [],
    help: 'How long the first act of a commit waited until it was durable.',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  },
  jotwarden_store_pruned_rows_total: {
    type: 'counter',
    labels: [],
    help: 'Rows deleted since they expired, events past their retention among them.',
  },
  jotwarden_hasher_queue_length: {
    type: 'gauge',
    labels: [],
    help: 'Passwords that are hashed or wait for it.',
  },
  jotwarden_build_info: {
    type: 'gauge',
    labels: ['version', 'node'],
    help: 'Always 1, with the version of Jotwarden and of Node.',
  },
  nodejs_eventloop_lag_mean_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Mean delay of the event loop since these metrics were last read.',
  },
  nodejs_eventloop_lag_p99_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Delay of the event loop that 99 of 100 turns stayed below, since these metrics were last read.',
  },
  nodejs_eventloop_lag_max_seconds: {
    type: 'gauge',
    labels: [],
    help: 'Longest delay of the event loop since these metrics were last read.',
  },
  nodejs_heap_size_used_bytes: { type: 'gauge', labels: [], help: 'Memory of JavaScript objects.' },
  nodejs_heap_size_total_bytes: { type: 'gauge', labels: [], help: 'Memory taken for JavaScript objects.' },
  process_cpu_seconds_total: { type: 'counter', labels: [], help: 'Processor time, all threads.' },
  process_resident_memory_bytes: { type: 'gauge', labels: [], help: 'Memory of the process.' },
  process_start_time_seconds: { type: 'gauge', labels: [], help: 'When the process started.' },
}
