import type { HeldSecret, Holding } from '@jotwarden/authority'
import { formatMoment } from '../output/moment.ts'
import { shellWord } from '../output/shell-word.ts'
import { printable } from '../output/table.ts'
import type { Offboarded, OffboardingManner } from '../state/offboard.ts'

/** What somebody is asked before anything is done. */
export function question(name: string, held: readonly Holding[], { compromised }: OffboardingManner): string {
  const secrets = held.map(({ secret }) => secret).join(', ')
  const means = compromised
    ? 'Refuse at once all that the keys protected which they could copy? Everybody signs in again'
    : 'Record that they left, and replace the keys that they could copy?'
  return `${name} holds ${secrets}. ${means}`
}

/** What was done, what remains, and how to go on. */
export function offboardingText(name: string, offboarded: Offboarded): string {
  const who = printable(name)
  const lines = [
    `${who} left; this is what they held:`,
    ...offboarded.held.map(heldLine),
    ...actLines(offboarded),
  ]
  if (offboarded.remaining.length === 0)
    return [...lines, '', `Nothing that ${who} knew works any more, and that is on record.`].join('\n')
  const steps = offboarded.remaining.map(
    (step, index) => `  ${index + 1}. ${printable(stepText(step, offboarded))}`,
  )
  const again = `jotwarden keys offboard ${shellWord(name)}`
  const vouch = offboarded.remaining.some(({ step }) => step === 'replace-shared-key') ? ' --done' : ''
  return [...lines, '', 'To be done:', ...steps, `Then run \`${printable(again)}${vouch}\` again.`].join('\n')
}

/** One thing that remains, for people. */
export function stepText(
  step: Offboarded['remaining'][number],
  { superseded }: Pick<Offboarded, 'superseded'>,
): string {
  if (step.step === 'replace-keys') {
    const dates = superseded.flatMap((one) => (one.outcome === 'too-early' ? [one.at] : []))
    const when = dates.length === 0 ? '' : ` before ${formatMoment(Math.max(...dates))}`
    return `Keys that they may have copied are in use until their successors are known everywhere: not${when || ' yet'}. Run this again then, or now with --wait`
  }
  if (step.step === 'replace-kek')
    return 'They know the key-encryption key. Make another, and wrap the keys under it: jotwarden keys rewrap'
  if (step.step === 'replace-client-secret')
    return `They know the secret of the client ${step.client}. Whoever runs it needs another: jotwarden clients secrets rotate ${shellWord(step.client)}; done once the old one has ended`
  if (step.step === 'replace-shared-key')
    return `They know the key that is shared with ${step.audience}. Give the audience another, then say so with --done`
  return 'keys.owner names them in the configuration. Write who answers for the keys from now on'
}

function heldLine({ secret, offboardedAt, settledAt }: Holding): string {
  const left = offboardedAt === null ? '' : `, left ${formatMoment(offboardedAt)}`
  const settled = settledAt === null ? '' : `, settled ${formatMoment(settledAt)}`
  return `  ${printable(secret)}: ${meaningOf(secret)}${left}${settled}`
}

function meaningOf(secret: HeldSecret): string {
  if (secret === 'kek') return 'the key-encryption key, which opens the private keys in any copy of the store'
  if (secret === 'kek-backup') return 'a copy of the key-encryption key, which opens the private keys as well'
  if (secret.startsWith('client:')) return 'the secret of an application'
  return 'a symmetric key that an audience has too'
}

function actLines({ superseded, withdrawn, acceptedUntil }: Offboarded): readonly string[] {
  const replaced = superseded.map((one) =>
    one.outcome === 'rotated'
      ? `Replaced the ${one.purpose} key: ${one.kid} is active now`
      : `Announced another ${one.purpose} key, ${one.next}; it takes over from ${formatMoment(one.at)} on`,
  )
  const refused =
    withdrawn.length === 0
      ? []
      : [`Withdrew ${withdrawn.length} keys: what they protected is refused, and everybody signs in again`]
  const accepted =
    acceptedUntil === null
      ? []
      : [
          `What the old keys protect is accepted until it ends, ${formatMoment(acceptedUntil)} at the latest; --compromised refuses it at once`,
        ]
  return [...refused, ...replaced, ...accepted]
}
