import type { HostileCase } from '../hostile-case.ts'
import { group } from './jwe-cases.ts'
import { type JweWorkshop, jwe } from './jwe-workshop.ts'
import { claimsText, segment, type Workshop } from './workshop.ts'

/** What must not be inside an encrypted token. */
export function nested(made: JweWorkshop, shop: Workshop): readonly HostileCase[] {
  const within = (inner: string, members: Readonly<Record<string, unknown>> = { cty: 'JWT' }): string =>
    jwe(made.direct('enc-dir', made.header('enc-dir', members), inner))
  const unsigned = `${segment('{"alg":"none"}')}.${segment(claimsText())}.`
  const list: readonly (readonly [
    what: string,
    title: string,
    token: string,
    verdict: string,
    why: string,
  ])[] = [
    ['nested-unsigned', 'an unsigned token inside', within(unsigned), 'jwe/nested', 'CVE-2026-29000'],
    [
      'nested-none',
      'alg none with a signature inside',
      within(`${unsigned}AAAA`),
      'token/alg',
      'CVE-2026-29000 class',
    ],
    ['nested-claims', 'bare claims inside', within(claimsText()), 'jwe/nested', 'RFC 8725 §3.3'],
    ['nested-jwe', 'an encrypted token inside', within(within(shop.token())), 'jwe/nested', 'RFC 8725 §3.3'],
    [
      'nested-attacker',
      'a token of another signer inside',
      within(shop.token({}, {}, 'attacker')),
      'token/signature',
      'RFC 8725 §3.3: both layers',
    ],
    ['nested-no-cty', 'no cty', within(shop.token(), {}), 'jwe/nested', 'RFC 7519 §5.2'],
    [
      'nested-thrice',
      'a third layer announced',
      within(shop.token({ cty: 'JWT' })),
      'token/header',
      'RFC 8725 §3.3',
    ],
    [
      'nested-iss',
      'another issuer in the header',
      within(shop.token(), { cty: 'JWT', iss: 'https://attacker.example' }),
      'jwe/claims-differ',
      'RFC 7519 §5.3',
    ],
    [
      'nested-exp',
      'another end in the header',
      within(shop.token(), { cty: 'JWT', exp: 9_999_999_999 }),
      'jwe/claims-differ',
      'RFC 7519 §5.3',
    ],
    ['nested-jws', 'the signed token alone', shop.token(), 'jwe/not-encrypted', 'RFC 7516 §9'],
  ]
  return list.flatMap(([what, title, token, verdict, why]) =>
    group(what, title, token, { nested: verdict }, ['enc-dir', 'es256'], why),
  )
}
