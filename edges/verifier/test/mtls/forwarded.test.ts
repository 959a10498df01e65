import { createHash, randomBytes } from 'node:crypto'
import { type ForwardedCertificate, mtls } from '@jotwarden/verifier/mtls'
import { describe, expect, test } from 'vitest'
import { parts } from '../dpop/dpop-client.ts'
import { LoopbackIssuer, refusal } from '../loopback-issuer.ts'

const certificate = randomBytes(700)
const refused = 'verifier/invalid-token'

const base64 = certificate.toString('base64')
const pem = `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
const escaped = encodeURIComponent(pem)
const hash = createHash('sha256').update(certificate).digest('hex')

async function verdict(
  from: Partial<ForwardedCertificate>,
  values: readonly string[],
  peer: string | null = '10.0.0.7',
): Promise<string> {
  const issuer = await LoopbackIssuer.start()
  const x5t = createHash('sha256').update(certificate).digest('base64url')
  const token = await issuer.mint({ cnf: { 'x5t#S256': x5t } })
  const forwarded = { header: 'Client-Cert', format: 'rfc9440', proxies: ['10.0.0.7'], ...from } as const
  const verifier = issuer.verifier({ mtls: mtls({ from: forwarded }) })
  const lines = values.map((value) => ['client-cert', value] as const)
  const sent = [['authorization', `Bearer ${token}`] as const, ...lines]
  const request = parts(sent, { remoteAddress: peer ?? undefined })
  return refusal(verifier.authenticate(request))
}

const malformed = `${refused} certificate-malformed`
const repeated = `${refused} certificate-repeated`
const wrong = `${refused} wrong-certificate`

const lines: readonly [ForwardedCertificate['format'], string, readonly string[], string][] = [
  ['rfc9440', 'the certificate', [`:${base64}:`], 'accepted'],
  ['rfc9440', 'another certificate', [`:${randomBytes(700).toString('base64')}:`], wrong],
  ['rfc9440', 'no header', [], `${refused} certificate-missing`],
  ['rfc9440', 'an empty header', [''], `${refused} certificate-missing`],
  ['rfc9440', 'two lines', [`:${base64}:`, `:${base64}:`], repeated],
  ['rfc9440', 'two values in a line', [`:${base64}:, :${base64}:`], repeated],
  ['rfc9440', 'base64 without colons', [base64], malformed],
  ['rfc9440', 'base64url', [`:${certificate.toString('base64url')}-_:`], malformed],
  ['rfc9440', 'no bytes', ['::'], malformed],
  ['rfc9440', 'parameters', [`:${base64}:;a=1`], malformed],
  ['rfc9440', 'a PEM text', [escaped], malformed],
  ['escaped-pem', 'the certificate', [escaped], 'accepted'],
  [
    'escaped-pem',
    'the certificate with plus, slash and equals unescaped',
    [escaped.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=')],
    'accepted',
  ],
  [
    'escaped-pem',
    'the certificate with CRLF',
    [encodeURIComponent(pem.replaceAll('\n', '\r\n'))],
    'accepted',
  ],
  ['escaped-pem', 'two certificates', [encodeURIComponent(pem + pem)], repeated],
  ['escaped-pem', 'two lines', [escaped, escaped], repeated],
  ['escaped-pem', 'two values in a line', [`${escaped}, ${escaped}`], repeated],
  ['escaped-pem', 'a key', [escaped.replaceAll('CERTIFICATE', 'PRIVATE%20KEY')], malformed],
  ['escaped-pem', 'a broken escape', [`${escaped}%`], malformed],
  ['escaped-pem', 'text before it', [`x${escaped}`], malformed],
  ['escaped-pem', 'bare base64', [encodeURIComponent(base64)], malformed],
  ['xfcc', 'its hash', [`Hash=${hash}`], 'accepted'],
  ['xfcc', 'its hash in capitals', [`Hash=${hash.toUpperCase()}`], 'accepted'],
  [
    'xfcc',
    'its hash among the rest',
    [`By=spiffe://a/b;Hash=${hash};Subject="/C=\\"US\\";CN=a,b";URI=spiffe://c`],
    'accepted',
  ],
  ['xfcc', 'a hash within a quoted value', [`Subject="a;Hash=${hash};"`], malformed],
  ['xfcc', 'a hash behind an escaped quotation mark', [`Subject="a\\";Hash=${hash}`], malformed],
  ['xfcc', 'two elements', [`Hash=${hash},Hash=${'0'.repeat(64)}`], repeated],
  ['xfcc', 'an element before it', [`By=a,Hash=${hash}`], repeated],
  ['xfcc', 'two hashes', [`Hash=${'0'.repeat(64)};Hash=${hash}`], repeated],
  ['xfcc', 'two lines', [`Hash=${hash}`, `Hash=${hash}`], repeated],
  ['xfcc', 'another hash', [`Hash=${'0'.repeat(64)}`], wrong],
  ['xfcc', 'half a hash', [`Hash=${hash.slice(32)}`], malformed],
  ['xfcc', 'no hash', ['By=spiffe://a/b'], malformed],
  ['xfcc', 'no pairs', ['hash'], malformed],
  ['xfcc', 'an end missing', [`Hash=${hash};`], malformed],
]
for (const [format, name, values, expected] of lines)
  test(`mtls() of the format ${format} says to ${name}: ${expected}`, async () =>
    expect(await verdict({ format }, values)).toBe(expected))

describe('mtls() with a header', () => {
  const peers: readonly [string | null, readonly string[], boolean][] = [
    ['10.0.0.7', ['10.0.0.7'], true],
    ['10.0.0.8', ['10.0.0.7'], false],
    ['10.0.0.8', ['192.0.2.1', '10.0.0.0/8'], true],
    ['11.0.0.8', ['10.0.0.0/8'], false],
    ['::ffff:10.0.0.7', ['10.0.0.7'], true],
    ['::ffff:10.0.0.8', ['10.0.0.7'], false],
    ['127.0.0.1', ['127.0.0.1/32'], true],
    ['fd00::7', ['fd00::/8'], true],
    ['fd00::7', ['fd00:0:0::7'], true],
    ['fe80::7%eth0', ['fe80::/10'], true],
    ['10.0.0.7%eth0', ['10.0.0.7'], true],
    ['2001:db8::7', ['fd00::/8'], false],
    ['2001:db8::7', ['10.0.0.0/1', '128.0.0.0/1'], false],
    ['', ['10.0.0.7'], false],
    ['localhost', ['127.0.0.1'], false],
    ['10.0.0.7, 10.0.0.8', ['10.0.0.7'], false],
    [null, ['10.0.0.7'], false],
  ]
  for (const [peer, proxies, trusted] of peers)
    test(`${trusted ? 'believes' : 'does not believe'} ${peer} where ${proxies} are trusted`, async () =>
      expect(await verdictOf(peer, proxies)).toBe(trusted ? 'accepted' : `${refused} untrusted-proxy`))

  const verdictOf = (peer: string | null, proxies: readonly string[]) =>
    verdict({ proxies }, [`:${base64}:`], peer)

  test('does not take the certificate of the connection, which is the proxy’s', async () => {
    const issuer = await LoopbackIssuer.start()
    const x5t = createHash('sha256').update(certificate).digest('base64url')
    const token = await issuer.mint({ cnf: { 'x5t#S256': x5t } })
    const from = { header: 'client-cert', format: 'rfc9440', proxies: ['10.0.0.7'] } as const
    const request = parts([['authorization', `Bearer ${token}`]], {
      clientCertificate: certificate,
      remoteAddress: '10.0.0.7',
    })
    expect(await refusal(issuer.verifier({ mtls: mtls({ from }) }).authenticate(request))).toBe(
      `${refused} certificate-missing`,
    )
  })
})
