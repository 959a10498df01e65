import type { HostileCase } from '../hostile-case.ts'
import { forms, headers } from './encrypted-form.ts'
import { agreement, keysAndTags } from './encrypted-keys.ts'
import { nested } from './encrypted-nesting.ts'
import { work } from './encrypted-work.ts'
import { cases, cbc, group } from './jwe-cases.ts'
import { JweWorkshop, jwe } from './jwe-workshop.ts'
import { claimsText, segment, type Workshop } from './workshop.ts'

/** Encrypted tokens, given to `decrypt` and, where something is nested, to `decryptThenVerify`. */
export function encrypted(shop: Workshop): readonly HostileCase[] {
  const made = new JweWorkshop(shop)
  return [
    ...controls(made, shop),
    ...forms(made, shop),
    ...headers(made),
    ...keysAndTags(made),
    ...agreement(made),
    ...work(made),
    ...nested(made, shop),
  ]
}

function controls(made: JweWorkshop, shop: Workshop): readonly HostileCase[] {
  const text = claimsText()
  const signed = shop.token()
  const inner = made.direct('enc-dir', made.header('enc-dir', { cty: 'JWT' }), signed)
  return [
    ...cases('RFC 7516, RFC 7518 §4', [
      ['control-dir', 'dir', jwe(made.direct('enc-dir', made.header('enc-dir'), text)), 'accept', 'enc-dir'],
      ['control-cbc', 'dir with CBC and HMAC', jwe(cbc(made)), 'accept', 'enc-dir-cbc'],
      ['control-kw', 'A256KW', jwe(made.wrapped(made.header('enc-kw'), text)), 'accept', 'enc-kw'],
      ['control-gcmkw', 'A256GCMKW', jwe(made.gcmWrapped({}, text)), 'accept', 'enc-gcmkw'],
      ['control-ecdh', 'ECDH-ES on P-256', jwe(made.agreed('enc-ecdh', {}, text)), 'accept', 'enc-ecdh'],
      [
        'control-x25519',
        'ECDH-ES on X25519',
        jwe(made.agreed('enc-x25519', {}, text)),
        'accept',
        'enc-x25519',
      ],
      [
        'control-apu-apv',
        'both parties named',
        jwe(made.agreed('enc-ecdh', { apu: segment('Alice'), apv: segment('Bob') }, text)),
        'accept',
        'enc-ecdh',
      ],
      ['control-rsa', 'RSA-OAEP-256', jwe(made.rsa(made.header('enc-rsa'), text)), 'accept', 'enc-rsa'],
      [
        'control-unread',
        'keys in the header, which nobody reads',
        jwe(
          made.direct('enc-dir', made.header('enc-dir', { jku: 'https://attacker.example/', jwk: {} }), text),
        ),
        'accept',
        'enc-dir',
      ],
    ]),
    ...group(
      'control-nested',
      'a signed token inside',
      jwe(inner),
      { decrypt: 'accept', nested: 'accept' },
      ['enc-dir', 'es256'],
      'RFC 7519 §5.2',
    ),
  ]
}
