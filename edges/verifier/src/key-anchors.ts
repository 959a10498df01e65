/** What a verifier's option `anchors` takes: `certificateAnchors` of `@jotwarden/verifier/certificates` makes one. */
export interface KeyAnchors {
  /**
   * Whether the certificates of a published key (`x5c`, RFC 7517 §4.7) lead to an anchor at this time, in seconds since
   * the epoch, and are of this very key. Never throws: a key of which that cannot be said is not vouched for.
   */
  vouchFor(jwk: unknown, now: number): boolean
}
