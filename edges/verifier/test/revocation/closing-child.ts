import { createVerifier } from '@jotwarden/verifier'
import { followRevocations } from '@jotwarden/verifier/revocation'

// A program that verifies one token and closes; the test that starts it sees whether it comes to its end
const [issuer = '', token = ''] = process.argv.slice(2)
const verifier = createVerifier({
  issuer,
  audience: 'https://api.example',
  revocation: followRevocations({ clientId: 'api', clientSecret: 'secret' }),
})
const { subject } = await verifier.verify(token)
const state = verifier.revocation?.state()
await verifier.close()
console.log(`${subject} ${state} ${verifier.revocation?.state()}`)
