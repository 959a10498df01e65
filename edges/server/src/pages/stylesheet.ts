import type { Colours, Scheme } from '../theme/colours.ts'

/** The one style sheet of the pages. Every pair of text and ground has a contrast of at least 4.5 in either scheme. */
export function stylesheetIn(colours: Readonly<Record<Scheme, Colours>>): string {
  return `:root {
  color-scheme: light dark;
${propertiesOf(colours.light)}
  --shadow: 0 1px 2px rgb(16 40 38 / 6%), 0 12px 32px rgb(16 40 38 / 8%);
}
@media (prefers-color-scheme: dark) {
  :root {
${propertiesOf(colours.dark)}
    --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 16px 40px rgb(0 0 0 / 35%);
  }
}
${RULES}`
}

function propertiesOf(colours: Colours): string {
  return Object.entries(colours)
    .map(([name, value]) => `  --${name}: ${value};`)
    .join('\n')
}

const RULES = `*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: grid;
  background: radial-gradient(60rem 30rem at 50% -8rem, var(--glow), transparent) no-repeat var(--ground);
  color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
}
.page {
  width: min(100%, 27.5rem);
  margin: auto;
  padding: 1.5rem 1rem;
}
.brand {
  display: flex;
  align-items: center;
  justify-content: center;
  gap: .625rem;
  margin-bottom: 1.25rem;
  font-weight: 600;
  line-height: 1.3;
  letter-spacing: -.005em;
  overflow-wrap: anywhere;
}
.brand img { flex: none; display: block; }
.brand.below { flex-direction: column; text-align: center; }
.brand .logo { max-width: 100%; height: 3rem; object-fit: contain; }
.service { display: grid; min-width: 0; }
.service .quiet { font-weight: 400; }
.card {
  padding: 2rem 1.75rem 1.75rem;
  background: var(--card);
  border: 1px solid var(--edge);
  border-radius: 1rem;
  box-shadow: var(--shadow);
  overflow-wrap: anywhere;
  hyphens: auto;
}
bdi, code, dd { hyphens: manual; }
h1 {
  margin: 0;
  font-size: 1.625rem;
  line-height: 1.2;
  font-weight: 650;
  letter-spacing: -.02em;
  text-wrap: balance;
}
h2 { margin: 1.5rem 0 .5rem; font-size: .9375rem; font-weight: 600; }
.lead { margin: .5rem 0 0; color: var(--quiet); }
.app { color: var(--text); }
.card h1 .app { color: var(--accent); }
form { margin: 1.5rem 0 0; }
.field { margin-bottom: 1.125rem; }
label { display: block; margin-bottom: .375rem; font-size: .9375rem; font-weight: 550; }
input[type="text"], input[type="password"] {
  display: block;
  width: 100%;
  min-height: 3rem;
  padding: .625rem .875rem;
  color: inherit;
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: .625rem;
  font: inherit;
  text-overflow: ellipsis;
  transition: border-color .12s ease;
}
input:hover { border-color: var(--accent); }
input[aria-invalid="true"] { border-color: var(--alert-edge); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
input:focus-visible { outline-offset: 0; outline-width: 2px; border-color: var(--accent); }
.button {
  display: block;
  width: 100%;
  min-height: 3rem;
  padding: .625rem 1.25rem;
  color: var(--accent);
  background: transparent;
  border: 1px solid var(--line);
  border-radius: .625rem;
  font: inherit;
  font-weight: 600;
  overflow-wrap: normal;
  hyphens: manual;
  cursor: pointer;
  transition: background-color .12s ease, border-color .12s ease;
}
.button:hover { background: var(--tint); border-color: var(--accent); }
.button.primary { color: var(--on-button); background: var(--button); border-color: var(--accent); }
.button.primary:hover { background: var(--button-strong); border-color: var(--accent); }
form > .button { margin-top: 1.5rem; }
.choices { display: flex; flex-wrap: wrap; gap: .75rem; }
.choices .button { flex: 1 1 0; min-width: min-content; padding-inline: .75rem; }
.alert {
  margin: 1.25rem 0 0;
  padding: .75rem .875rem;
  color: var(--alert-text);
  background: var(--alert-ground);
  border: 1px solid transparent;
  border-left: 4px solid var(--alert-edge);
  border-radius: .5rem;
  font-size: .9375rem;
}
.note { margin: 1.25rem 0 0; color: var(--quiet); font-size: .875rem; }
.note bdi { color: var(--text); }
.person {
  display: flex;
  align-items: center;
  gap: .75rem;
  margin-top: 1.25rem;
  padding: .75rem;
  background: var(--tint);
  border-radius: .75rem;
}
.initial {
  flex: none;
  display: grid;
  place-items: center;
  width: 2.5rem;
  height: 2.5rem;
  color: var(--on-button);
  background: var(--button);
  border-radius: 50%;
  font-weight: 650;
}
.names { display: grid; line-height: 1.35; min-width: 0; }
.quiet { color: var(--quiet); font-size: .875rem; }
.scopes { margin: 0; padding: 0; list-style: none; }
.scopes li {
  display: grid;
  line-height: 1.4;
  padding: .625rem 0 .625rem 1.25rem;
  border-top: 1px solid var(--edge);
  position: relative;
}
.scopes li:first-child { border-top: 0; }
.scopes li::before {
  content: "";
  position: absolute;
  left: .125rem;
  top: 1.0625rem;
  width: .4375rem;
  height: .4375rem;
  background: var(--accent);
  border-radius: 50%;
}
code { color: var(--quiet); font: .8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
.details { margin: 1.5rem 0 0; padding-top: 1.125rem; border-top: 1px solid var(--edge); font-size: .875rem; }
.details div + div { margin-top: .75rem; }
dt { color: var(--quiet); }
dd { margin: 0; }
dd a { display: inline-block; padding: .25rem 0; }
a { color: var(--accent); text-underline-offset: .15em; }
.foot { margin-top: 1.25rem; text-align: center; color: var(--quiet); font-size: .8125rem; }
@media (max-width: 26rem) {
  .card { padding: 1.5rem 1.25rem; }
  h1 { font-size: 1.5rem; }
}
@media (prefers-reduced-motion: reduce) {
  * { transition: none !important; }
}
@media (forced-colors: active) {
  .card, .person, .alert { border: 1px solid; }
  .initial { border: 1px solid; }
}
`
