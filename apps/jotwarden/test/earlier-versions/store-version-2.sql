-- A store as version 2 of the schema left it: `init`, a person, three clients and a first start. The key-encryption key, the
-- password and the secrets in it are of this file alone:
--   key-encryption key S-5VxJ68ihivc3kCbq-0eYrb0U8sUILHSXrD99QUDLU
--   ada: correct horse battery staple
--   service: jwc_c8pDPfB7MbEEuZDv8UBcvZlXKLEvv0uSy0ux_bC92Yc
PRAGMA application_id = 1248818295;
PRAGMA user_version = 2;
BEGIN TRANSACTION;
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
INSERT INTO "accounts" VALUES('https://auth.example.com','usr_uGHH3mMAPeYhnPys7q8AAw','ada','Ada Example','ada@example.com',0,0,0,'$argon2id$v=19$m=19456,t=2,p=1$gTtWYALGB7kuxTmbPEMQNQ$l56um41rjGQpoAD3Dr2vR5s4teNN3zkLJXcQ/wCXLUM',1795576717.783);
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
    created_at REAL NOT NULL, post_logout_redirect_uris TEXT NOT NULL DEFAULT '[]', resource TEXT,
    PRIMARY KEY (issuer, id)
  ) STRICT, WITHOUT ROWID;
INSERT INTO "clients" VALUES('https://auth.example.com','api','API','confidential','web','w7l5KQqcbgDngIKXuWMfDMdnKvyQyAp_GIE3oLTtJBY','[]','[]','[]','ask',1795576728.253,'[]','https://api.example.com');
INSERT INTO "clients" VALUES('https://auth.example.com','app','App','public','native',NULL,'["http://127.0.0.1/callback"]','["authorization_code","refresh_token"]','["openid","orders:read"]','trusted',1795576724.291,'[]',NULL);
INSERT INTO "clients" VALUES('https://auth.example.com','service','Service','confidential','web','4Ve5EnSj-59VrLRmXVIqvYO0YwBaVbO1ut8XugKfi7o','[]','["client_credentials"]','["orders:read"]','ask',1795576720.994,'[]',NULL);
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
    voided INTEGER NOT NULL, rev INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (issuer, hash)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE consents (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    client TEXT NOT NULL,
    scopes TEXT NOT NULL,
    given_at REAL NOT NULL,
    PRIMARY KEY (issuer, subject, client)
  ) STRICT, WITHOUT ROWID;
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
    count INTEGER NOT NULL, token TEXT,
    PRIMARY KEY (issuer, number)
  ) STRICT, WITHOUT ROWID;
INSERT INTO "events" VALUES('https://auth.example.com',1,'account-added',1795576717.783,'usr_uGHH3mMAPeYhnPys7q8AAw',NULL,NULL,NULL,NULL,NULL,NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',2,'key-created',1795576720.0,NULL,NULL,NULL,NULL,'nBdDKD7jimNyMMA78F9KN2vOZTccw1z-F4_NYrw2f0w','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',3,'key-activated',1795576720.0,NULL,NULL,NULL,NULL,'nBdDKD7jimNyMMA78F9KN2vOZTccw1z-F4_NYrw2f0w','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',4,'key-created',1795576720.0,NULL,NULL,NULL,NULL,'cbp7zct4DptrgrVOMJhbAtyinyOR7D-rmfM9-OePmVs','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',5,'key-created',1795576720.0,NULL,NULL,NULL,NULL,'j_TPXkEZXGI','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',6,'key-activated',1795576720.0,NULL,NULL,NULL,NULL,'j_TPXkEZXGI','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',7,'key-created',1795576720.0,NULL,NULL,NULL,NULL,'02BICbH_RWI','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',8,'key-created',1795576720.0,NULL,NULL,NULL,NULL,'rjCO4AJFrUw','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',9,'key-activated',1795576720.0,NULL,NULL,NULL,NULL,'rjCO4AJFrUw','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',10,'key-created',1795576720.0,NULL,NULL,NULL,NULL,'A6MTadbQ39A','first-start',NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',11,'client-added',1795576720.994,NULL,'service',NULL,NULL,NULL,NULL,NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',12,'client-added',1795576724.291,NULL,'app',NULL,NULL,NULL,NULL,NULL,NULL,29926278,1,NULL);
INSERT INTO "events" VALUES('https://auth.example.com',13,'client-added',1795576728.253,NULL,'api',NULL,NULL,NULL,NULL,NULL,NULL,29926278,1,NULL);
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
INSERT INTO "keys" VALUES('https://auth.example.com','02BICbH_RWI','refresh-mac','HS256','pending',NULL,'jwk1.OkuNh2D-zCJwsrPvLAlc9eNmX4FIT53V11mRZLo8gxgqEG0Zfpyp2V5sptykiwLEAXTfRPitWIxYla4FJCffydctg9_TKZenNLOf31pWEJlRC9WXHED_RXMqr6K-Gun5iERL5A',1795576720.0,NULL,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "keys" VALUES('https://auth.example.com','A6MTadbQ39A','sealing','A256GCM','pending',NULL,'jwk1.OkuNh2D-zCIaf03BUo2WlwbCVJF9La3Ta2g2xiVSD2uT6EXtla1JRg1QpLCXmjlvebFqiWv-Are_EtINwdRidj8vG3w',1795576720.0,NULL,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "keys" VALUES('https://auth.example.com','cbp7zct4DptrgrVOMJhbAtyinyOR7D-rmfM9-OePmVs','token-signing','ES256','pending','{"kty":"EC","kid":"cbp7zct4DptrgrVOMJhbAtyinyOR7D-rmfM9-OePmVs","alg":"ES256","use":"sig","crv":"P-256","x":"uoxiXlEJJBv0L1DxK2guqjw8OYPDqlmbbAuiPzwRs_E","y":"OYy47FNARiy4lJqPIyEDmrZutfwuotF-3qPEq8byrcA"}','jwk1.OkuNh2D-zCLclYRoyOXJNkeCqTw-J5k87_TdUkEM5OXgFEhwofvGFNziuwzduxLSNSNiRL8C0NqDsJbPIDQ0f5MtL2CNPpT5Yqt9_lYjzxsgJ5j6w4naO3OEP5z3Xk1yeimP8AGos1TkJaHZB2FTIzJoAZrgD6bkWvXYa9jhoInHosT0NOoItAcaGvR8GBZzYK3dtAMjEr7y6OOIMpIgrxV4se1KDMK_GoENuvleP2WGhgNs6xXouH_SZXtYQnmwLeWU9W4-XMWgq8_D5XHmhkBTW1ODkI-ho1yom_NhjnJEzEkMjcSa8aV05vs7Nz3lRmbNdE2ZczTBfwuC1c1dV0JbSE3kMpWimeVFhnrNZHQArbTUQKIw4EeocQaU2shuuF8',1795576720.0,1795576720.0,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "keys" VALUES('https://auth.example.com','j_TPXkEZXGI','refresh-mac','HS256','active',NULL,'jwk1.OkuNh2D-zCJmtYDoa2SLm_RHrhg_gZvJX6mwL_WJTM9ZQFyXdcl3ysnBQFRTJ39F-ZYE9UF9au7Ac19Wc3ycog-i99vAgSvhOFV4QCl0YTLKvo8Qh2isKwKML7MYjsUtCYWKDA',1795576720.0,NULL,1795576720.0,NULL,NULL,NULL,NULL,1);
INSERT INTO "keys" VALUES('https://auth.example.com','nBdDKD7jimNyMMA78F9KN2vOZTccw1z-F4_NYrw2f0w','token-signing','ES256','active','{"kty":"EC","kid":"nBdDKD7jimNyMMA78F9KN2vOZTccw1z-F4_NYrw2f0w","alg":"ES256","use":"sig","crv":"P-256","x":"frA-4qn6259wpfh4O51UsHLWdm1Cqt8jPHh3N8xdKEY","y":"v3TvCn3X3daYg_Gx1brnYR3pD07tZxPLUG-B9JpQ5u4"}','jwk1.OkuNh2D-zCIcCXp0HoRfPcUFnkB3eqv_JrkudddSCI0a4l_3Aif-zmX4Nl6Gh0bfRF4OgHV77bEPTGRJmN16eXBKgZIXQyM230UzpdiusAnvCqWgxouiRIlX9cms094fBSd9JmZIkex-AevoNmb_YZ3fq2FRooGkWTuMNLjifObLjtawt7oN8beAKKtb-bV7v6ycn7IfX1m6OYXRQpAmAfAaMnpWjV8JQ-2mhbT5QRCNc5MKvhaLJ2otaBrMWa7mg-9kSDOUJg6eb8D3UfMK1JOUWywFxwnTi-HRcsiczLoyVBZZQorvkq33WbXuBf2wHcdzXR9iWyV01UgGiVNuwU9cNeMi-optR05_eZ00sukjknUkcX7JuM0LdtITJSmZHtY',1795576720.0,1795576720.0,1795576720.0,NULL,NULL,NULL,NULL,1);
INSERT INTO "keys" VALUES('https://auth.example.com','rjCO4AJFrUw','sealing','A256GCM','active',NULL,'jwk1.OkuNh2D-zCLjSkZgmvjEL9stYwvxMLYJ8uf5vpenMj71S2XrF5IJXvqn4b_g1z9R8ybxliy9cB9NB3k97Luo6CPyVAc',1795576720.0,NULL,1795576720.0,NULL,NULL,NULL,NULL,1);
CREATE TABLE last_marks (
    issuer TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (issuer, kind, id)
  ) STRICT, WITHOUT ROWID;
CREATE TABLE logins (
    issuer TEXT NOT NULL,
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    cookie_hash TEXT NOT NULL,
    auth_time REAL NOT NULL,
    amr TEXT NOT NULL,
    acr TEXT,
    expires_at REAL NOT NULL,
    ended_at REAL, rev INTEGER NOT NULL DEFAULT 0, earlier TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (issuer, id)
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
CREATE TABLE revocation_heads (
    issuer TEXT NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    latest_exp REAL NOT NULL,
    pulse INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
INSERT INTO "revocation_heads" VALUES('https://auth.example.com',0,0,0.0,1);
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
    end_cause TEXT, rev INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (issuer, id)
  ) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX accounts_by_username ON accounts (issuer, username);
CREATE UNIQUE INDEX logins_by_cookie ON logins (issuer, cookie_hash);
CREATE INDEX logins_open_by_subject ON logins (issuer, subject) WHERE ended_at IS NULL;
CREATE INDEX logins_by_expiry ON logins (issuer, expires_at);
CREATE INDEX consents_by_client ON consents (issuer, client);
CREATE INDEX codes_unused ON codes (issuer, login) WHERE session IS NULL AND voided = 0;
CREATE INDEX codes_by_expiry ON codes (issuer, expires_at);
CREATE INDEX sessions_open_by_login ON sessions (issuer, login) WHERE ended_at IS NULL;
CREATE INDEX sessions_open_by_subject ON sessions (issuer, subject) WHERE ended_at IS NULL;
CREATE INDEX sessions_open_by_client ON sessions (issuer, client) WHERE ended_at IS NULL;
CREATE INDEX sessions_by_expiry ON sessions (issuer, absolute_expires_at);
CREATE UNIQUE INDEX events_aggregated ON events (issuer, type, aggregate, minute) WHERE aggregate IS NOT NULL;
CREATE UNIQUE INDEX keys_active ON keys (issuer, purpose) WHERE state = 'active';
CREATE INDEX marks_by_id ON marks (issuer, kind, id);
CREATE INDEX marks_by_owner ON marks (issuer, owner_kind, owner_id) WHERE owner_kind IS NOT NULL;
CREATE INDEX marks_by_expiry ON marks (issuer, expires_at);
COMMIT;
