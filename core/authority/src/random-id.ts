import { encodeBase64url, type Random } from '@jotwarden/token'

/** 16 random bytes in base64url, for people to handle too: never one that a command line would take for an option. */
export function randomId(random: Random): string {
  for (;;) {
    const id = encodeBase64url(random.bytes(16))
    if (!id.startsWith('-')) return id
  }
}
