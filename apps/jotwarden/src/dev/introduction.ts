import type { Painter } from '../output/colour.ts'
import { shellWord } from '../output/shell-word.ts'
import type { Terminal } from '../output/terminal.ts'
import { developmentAccount, developmentClients } from './dev-identities.ts'
import { type DevelopmentUrls, developmentFolder } from './dev-state.ts'

/** What `serve --dev` says once everything answers. The commands can be pasted as they stand. */
export function introduction(urls: DevelopmentUrls, terminal: Terminal, paint: Painter): string {
  const { username, password } = developmentAccount
  const clients = developmentClients(urls, 0).map(
    ({ client, secret }) =>
      `  ${client.id.padEnd(13)}${client.name.padEnd(26)}${secret ?? '(public: no secret)'}`,
  )
  return `
${paint('bold', 'Jotwarden is running, for development on this machine only.')}

  ${paint('dim', 'Click')}        ${paint('cyan', urls.webApp)}   the sample web app: sign in, see orders, refresh, sign out
  ${paint('dim', 'Sign in as')}   ${username}   with the password   ${password}

  ${paint('dim', 'Authority')}    ${urls.issuer}
  ${paint('dim', 'Sign-ins')}     ${urls.issuer}/sessions   what the person sees and can end
  ${paint('dim', 'Sample API')}   ${urls.api}/orders
  ${paint('dim', 'State')}        ${developmentFolder(terminal)}

${paint('bold', 'Clients')}
${clients.join('\n')}

${paint('bold', 'Try next')}, in another terminal in this folder

${paint('dim', '# get a token for a service, and call the API with it')}
${tokenAndCall(urls)}

${paint('dim', '# what the authority says of itself')}
curl -s ${urls.issuer}/.well-known/openid-configuration

${paint('dim', '# register an application of your own')}
${addClient(terminal)}

${paint('dim', 'Ctrl-C stops everything. The state stays.')}
`
}

function tokenAndCall(urls: DevelopmentUrls): string {
  const { issuer, api } = urls
  const service = developmentClients(urls, 0).find(({ client }) => client.id === 'dev-service')
  return `export TOKEN=$(curl -s -u dev-service:${service?.secret ?? ''} -d grant_type=client_credentials -d scope=orders:read ${issuer}/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -s -H "Authorization: Bearer $TOKEN" ${api}/orders`
}

function addClient(terminal: Terminal): string {
  const named = terminal.environment.JOTWARDEN_STATE ?? ''
  const state = named === '' ? '' : `JOTWARDEN_STATE=${shellWord(developmentFolder(terminal))} `
  return `${state}npx jotwarden clients add "My app" --dev --redirect-uri http://127.0.0.1:3000/callback --scope openid orders:read`
}
