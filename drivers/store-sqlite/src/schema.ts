/**
 * Every migration in order; number n takes the file from version n - 1 to n. What was released is never edited.
 *
 * Every primary key and every index begins with the issuer. Times are REAL, since clocks may give fractions of a second.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE clients (
    issuer TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    application_type TEXT NOT NULL,
    secret_hash TEXT,
    redirect_uris TEXT NOT NULL,
    grant_types TEXT NOT NULL,
    scopes TEXT NOT NULL,
    consent TEXT NOT NULL,
    created_at REAL NOT NULL,
    PRIMARY KEY (issuer, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE accounts (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    username TEXT NOT NULL,
    name TEXT,
    email TEXT,
    email_verified INTEGER NOT NULL,
    disabled INTEGER NOT NULL,
    credential_version INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    created_at REAL NOT NULL,
    PRIMARY KEY (issuer, subject)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX accounts_by_username ON accounts (issuer, username);

  CREATE TABLE logins (
    issuer TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    cookie_hash TEXT NOT NULL,
    auth_time REAL NOT NULL,
    amr TEXT NOT NULL,
    acr TEXT,
    expires_at REAL NOT NULL,
    ended_at REAL,
    PRIMARY KEY (issuer, id)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX logins_by_cookie ON logins (issuer, cookie_hash);
  CREATE INDEX logins_open_by_subject ON logins (issuer, subject) WHERE ended_at IS NULL;
  CREATE INDEX logins_by_expiry ON logins (issuer, expires_at);

  CREATE TABLE consents (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    client TEXT NOT NULL,
    scopes TEXT NOT NULL,
    given_at REAL NOT NULL,
    PRIMARY KEY (issuer, subject, client)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX consents_by_client ON consents (issuer, client);

  CREATE TABLE codes (
    issuer TEXT NOT NULL,
    hash TEXT NOT NULL,
    client TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    code_challenge TEXT NOT NULL,
    login TEXT NOT NULL,
    subject TEXT NOT NULL,
    scope TEXT NOT NULL,
    resources TEXT NOT NULL,
    nonce TEXT,
    auth_time REAL NOT NULL,
    acr TEXT,
    amr TEXT NOT NULL,
    issued_at REAL NOT NULL,
    expires_at REAL NOT NULL,
    session TEXT,
    voided INTEGER NOT NULL,
    PRIMARY KEY (issuer, hash)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX codes_unused ON codes (issuer, login) WHERE session IS NULL AND voided = 0;
  CREATE INDEX codes_by_expiry ON codes (issuer, expires_at);

  CREATE TABLE sessions (
    issuer TEXT NOT NULL,
    id TEXT NOT NULL,
    login TEXT,
    client TEXT NOT NULL,
    subject TEXT NOT NULL,
    scope TEXT NOT NULL,
    resources TEXT NOT NULL,
    confirmation TEXT,
    auth_time REAL,
    acr TEXT,
    amr TEXT NOT NULL,
    seed BLOB NOT NULL,
    generation INTEGER NOT NULL,
    rotated_at REAL,
    mac_kid TEXT NOT NULL,
    network TEXT,
    graced_generation INTEGER,
    graced_in_row INTEGER NOT NULL,
    status_index INTEGER,
    created_at REAL NOT NULL,
    idle_expires_at REAL NOT NULL,
    absolute_expires_at REAL NOT NULL,
    ended_at REAL,
    end_cause TEXT,
    PRIMARY KEY (issuer, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_open_by_login ON sessions (issuer, login) WHERE ended_at IS NULL;
  CREATE INDEX sessions_open_by_subject ON sessions (issuer, subject) WHERE ended_at IS NULL;
  CREATE INDEX sessions_open_by_client ON sessions (issuer, client) WHERE ended_at IS NULL;
  CREATE INDEX sessions_by_expiry ON sessions (issuer, absolute_expires_at);

  CREATE TABLE events (
    issuer TEXT NOT NULL,
    number INTEGER NOT NULL,
    type TEXT NOT NULL,
    at REAL NOT NULL,
    subject TEXT,
    client TEXT,
    login TEXT,
    session TEXT,
    kid TEXT,
    cause TEXT,
    network TEXT,
    aggregate TEXT,
    minute INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (issuer, number)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX events_aggregated ON events (issuer, type, aggregate, minute) WHERE aggregate IS NOT NULL;

  CREATE TABLE keys (
    issuer TEXT NOT NULL,
    kid TEXT NOT NULL,
    purpose TEXT NOT NULL,
    alg TEXT NOT NULL,
    state TEXT NOT NULL,
    public_jwk TEXT,
    wrapped TEXT,
    created_at REAL NOT NULL,
    announced_at REAL,
    activated_at REAL,
    retiring_at REAL,
    removable_at REAL,
    retired_at REAL,
    compromised_at REAL,
    version INTEGER NOT NULL,
    PRIMARY KEY (issuer, kid)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX keys_active ON keys (issuer, purpose) WHERE state = 'active';
  `,
  `
  CREATE TABLE revocation_heads (
    issuer TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    latest_exp REAL NOT NULL,
    pulse INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE marks (
    issuer TEXT NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    cause TEXT NOT NULL,
    at REAL NOT NULL,
    expires_at REAL NOT NULL,
    owner_kind TEXT,
    owner_id TEXT,
    PRIMARY KEY (issuer, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX marks_by_id ON marks (issuer, kind, id);
  CREATE INDEX marks_by_owner ON marks (issuer, owner_kind, owner_id) WHERE owner_kind IS NOT NULL;
  CREATE INDEX marks_by_expiry ON marks (issuer, expires_at);

  CREATE TABLE last_marks (
    issuer TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (issuer, kind, id)
  ) STRICT, WITHOUT ROWID;

  -- What was issued before may live for an hour, the longest that was ever allowed, and a skew of clocks
  INSERT INTO revocation_heads (issuer, number, floor, latest_exp, pulse)
    SELECT DISTINCT issuer, 0, 0, unixepoch() + 3660, 0 FROM keys;

  ALTER TABLE logins ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE logins ADD COLUMN earlier TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE codes ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE sessions ADD COLUMN rev INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE clients ADD COLUMN post_logout_redirect_uris TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE clients ADD COLUMN resource TEXT;
  ALTER TABLE events ADD COLUMN token TEXT;
  `,
  `
  ALTER TABLE accounts ADD COLUMN imported_work REAL;
  CREATE INDEX accounts_imported ON accounts (issuer, imported_work) WHERE imported_work IS NOT NULL;
  `,
  `
  ALTER TABLE logins ADD COLUMN device TEXT;
  ALTER TABLE codes ADD COLUMN device TEXT;
  ALTER TABLE sessions ADD COLUMN device TEXT;

  -- In the order in which people see their own; it serves what the narrower ones did
  DROP INDEX logins_open_by_subject;
  CREATE INDEX logins_open_by_subject ON logins (issuer, subject, auth_time, id) WHERE ended_at IS NULL;
  DROP INDEX sessions_open_by_subject;
  CREATE INDEX sessions_open_by_subject ON sessions
    (issuer, subject, iif(login IS NULL, 0.0, coalesce(auth_time, 0.0)), coalesce(login, ''), created_at, id)
    WHERE ended_at IS NULL;
  `,
  `
  ALTER TABLE clients ADD COLUMN secrets TEXT NOT NULL DEFAULT '[]';
  UPDATE clients SET secrets = json_array(json_object('id', lower(hex(randomblob(4))), 'hash', secret_hash,
    'origin', 'made', 'createdAt', created_at, 'endsAt', NULL, 'usedAt', NULL)) WHERE secret_hash IS NOT NULL;
  ALTER TABLE clients DROP COLUMN secret_hash;
  `,
  `
  CREATE TABLE holdings (
    issuer TEXT NOT NULL,
    holder TEXT NOT NULL,
    secret TEXT NOT NULL,
    kind TEXT NOT NULL,
    since REAL NOT NULL,
    because TEXT,
    offboarded_at REAL,
    left_with TEXT,
    copied TEXT NOT NULL,
    settled_at REAL,
    PRIMARY KEY (issuer, holder, secret)
  ) STRICT, WITHOUT ROWID;

  ALTER TABLE events ADD COLUMN holder TEXT;
  ALTER TABLE keys ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;
  `,
  `
  CREATE TABLE event_readers (
    issuer TEXT NOT NULL,
    name TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (issuer, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_signed_in ON events (issuer, subject, network, at) WHERE type = 'login-succeeded';
  `,
]

/** What the file's header says it is: "Jotw" in ASCII. */
export const APPLICATION_ID = 0x4a6f7477
