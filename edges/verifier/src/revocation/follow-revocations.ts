import { introspectedAccess } from '../introspected-access.ts'
import { introspect } from '../introspection/ask-introspection.ts'
import type { RevocationFollower, RevocationSource, RevocationWorld } from '../revocation-source.ts'
import { undisturbed } from '../undisturbed.ts'
import { enforce, refuseWhenStale } from './enforce.ts'
import { freshClaims } from './fresh-claims.ts'
import { RevocationFeed } from './revocation-feed.ts'
import { checkRevocation, type RevocationOptions } from './revocation-options.ts'

/**
 * Follows what the issuer takes back, by its revocation feed (docs/feed.md): `createVerifier({ …, revocation:
 * followRevocations({ clientId, clientSecret }) })`. The first token opens the feed. Options are checked by
 * `createVerifier`, which throws `verifier/options`.
 */
export function followRevocations(options: RevocationOptions): RevocationSource {
  return Object.freeze({ follow: (world: RevocationWorld) => follower(options, world) })
}

function follower(options: RevocationOptions, world: RevocationWorld): RevocationFollower {
  const revocation = checkRevocation(options, world.issuer)
  const feed = new RevocationFeed({ ...world, revocation })
  const emit = undisturbed(revocation.onEvent)
  const onRefused = (status: number): void => emit({ type: 'refused', status })
  const asking = { ...world, ...revocation, onRefused }
  return {
    start: () => feed.start(),
    get isSettled() {
      return feed.isSettled
    },
    firstSync: () => feed.firstSync(),
    enforce: (claims, kid, call) => enforce(feed, claims, kid, call),
    refuseWhenStale: () => refuseWhenStale(feed),
    freshen: async (token, before) => {
      const vouched = freshClaims(before, await introspect(token, asking))
      return { vouched, claims: introspectedAccess(world.profile, vouched, world.clock) }
    },
    status: () => feed.status(),
    ended: () => feed.ended(),
  }
}
