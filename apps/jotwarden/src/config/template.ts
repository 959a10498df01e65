/** What a new configuration file is to say. */
export interface TemplateValues {
  readonly issuer: string
  readonly listen: string
  readonly kekFile: string
  /** Who answers for the keys. */
  readonly keyOwner: string
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly trustedProxies: readonly string[]
}

/** The text of a new jotwarden.toml: what was chosen, and every other key as a comment with its default. */
export function configurationTemplate(values: TemplateValues): string {
  return `# Jotwarden. \`jotwarden config check\` shows what is in force and what is wrong.
# Each key can also be set from the environment, which wins: server.listen is JOTWARDEN_SERVER_LISTEN.
# Paths are relative to this file. Durations are seconds, or text as "10m", "8h", "7d".

# The address under which clients and browsers reach this server. It stands in every token: choose it once.
issuer = ${quoted(values.issuer)}

[server]
listen = ${quoted(values.listen)}
${tlsLines(values)}

[store]
# One SQLite file; its folder is made when missing. Copy it with \`jotwarden store backup\`, beside the server or not.
path = "data/jotwarden.db"

[keys]
# The key that the private keys are wrapped under. Keep it apart from the data and from its backups:
# whoever has both can sign tokens. Without it the keys in the store are lost.
kek_file = ${quoted(values.kekFile)}
# The key plan, without which the server does not start: who answers for the keys and is told first, and at
# which age a key is replaced (keys that seal sign-ins at 7 days at the latest). Who else can read a secret
# is kept with \`jotwarden keys holders\`; a key that may be stolen is withdrawn with \`jotwarden keys compromise\`.
owner = ${quoted(values.keyOwner)}
rotation_period = "30d"
# kek_env = "NAME"          # or: the name of a variable that holds it (JOTWARDEN_KEK needs no entry)
# previous_kek_env = "NAME" # beside kek_env: a key that opens and never wraps, until \`jotwarden keys rewrap\` was run
# epoch_file = "jotwarden.epoch"   # tells when an old copy of the data was put back; keep it apart from the data too
# signing_alg = "ES256"     # ES256, Ed25519 or RS256; for new keys
# rotation_volume = 1000000000   # a key is also replaced after so many uses; keys that seal sign-ins at 2^31
# cryptoperiod = "365d"     # a key that could not be replaced stops signing at this age; 730 days at most
# jwks_max_age = "5m"       # how long others may keep the published keys; some keep them a minute whatever it says
# propagation = "1m"        # how long a cache before this server may hold an answer back
# clock_skew = "1m"         # how far the clocks of servers and verifiers may be apart

[tokens]
# access_token_lifetime = "10m"
# id_token_lifetime = "10m"
# code_lifetime = "1m"

[sessions]
# interaction_lifetime = "30m"   # how long a person may take over the sign-in pages
# login_lifetime = "8h"          # single sign-on
# idle_lifetime = "1d"           # without a refresh
# lifetime = "7d"                # in all
# grace_window = "10s"           # a refresh within it gets the same refresh token again
# shadow_limit = 3               # graced refreshes in a row from other networks that raise an event
# end_shadowed = false           # whether such a session ends
# revocation_quota = 1000        # so many single revocations of one client or person; more become one of all it has

[log]
# level = "info"            # debug, info, warn, error, silent
# format = "json"           # json or text
# requests = true           # a line for each request; what was slow or failed has one in any case
# slow = "1s"               # from when on a request is slow, which is a warning
# addresses = "network"     # of callers: network (the /24 or /48), full, none

[events]
# retention = "400d"        # security events older than this go; "forever" keeps them

[metrics]
# listen = "127.0.0.1:9464" # Prometheus metrics at /metrics, never on the listener above; off unless set
# beyond_loopback = false   # whether that may be an address that other machines reach

[pages]
# language = "en"           # en, de or fr: when neither the app (ui_locales) nor the browser asks for one of them
# name = "Example"          # on every page and in its title, beside the host
# color = "#0d5c63"         # accent; made darker or lighter where it could not be read
# logo = "logo.svg"         # SVG or PNG, at most 128 KiB, in place of our mark

[notices]
# What a person should be told of (a sign-in from a new network, a changed password, …) is posted there, signed.
# url = "https://mailer.example.com/notices"
# secret_file = "notices.secret"   # whsec_ and 32 random bytes in base64, for its owner alone
# secret_env = "NAME"              # or: the name of a variable that holds it, for every command

# The APIs that tokens are for, each with its scopes in words for the person who is asked.
# [[resources]]
# identifier = "https://api.example.com"
# name = "Orders"
# scopes = { "orders:read" = "See your orders", "orders:write" = { en = "Change your orders", de = "Ihre Bestellungen ändern" } }
`
}

function tlsLines(values: TemplateValues): string {
  const proxies = `trusted_proxies = [${values.trustedProxies.map(quoted).join(', ')}]`
  if (values.tls === undefined) {
    return `# The proxies before this server that end TLS and say so in X-Forwarded-Proto; addresses they forward are believed.
${values.trustedProxies.length === 0 ? `# ${proxies}` : proxies}
# Or end TLS here:
# tls_cert = "certificate.pem"
# tls_key = "private-key.pem"`
  }
  return `tls_cert = ${quoted(values.tls.cert)}
tls_key = ${quoted(values.tls.key)}
# trusted_proxies = []      # proxies whose forwarded addresses are believed`
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u007f', '\\u007f')
}
