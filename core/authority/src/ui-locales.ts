/**
 * The languages that a client would like its person to be spoken to in, the best first (`ui_locales`, OpenID Connect
 * Core §3.1.2.1: BCP 47 tags with spaces between). What is no tag is passed over: a wish is no reason to refuse.
 */
export function readUiLocales(text: string | undefined): readonly string[] {
  if (text === undefined) return []
  const tags = text.slice(0, LONGEST).split(' ').filter(isLanguageTag)
  return [...new Set(tags)].slice(0, MOST)
}

/** Whether the text has the form of a tag (RFC 5646 §2.1); its subtags may be unregistered. */
export function isLanguageTag(text: string): boolean {
  return TAG.test(text) && text.length <= LONGEST_TAG
}

/** It travels sealed in addresses, which must stay short. */
const MOST = 16
const LONGEST = 1024
/** RFC 5646 §4.4.1. */
const LONGEST_TAG = 35
const TAG = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/
