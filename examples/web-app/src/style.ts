/** The one style sheet. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f5f8, #14161b);
  --card: light-dark(#ffffff, #1d2027);
  --ink: light-dark(#1b1e26, #e9ebf0);
  --quiet: light-dark(#586072, #a2aabb);
  --line: light-dark(#dde1e9, #333845);
  --edge: light-dark(#868fa3, #737c8f);
  --accent: light-dark(#3a4fc4, #93a4ff);
  --on-accent: light-dark(#ffffff, #10131c);
  --good: light-dark(#e6f4ea, #1d3527);
  --bad: light-dark(#fdecea, #43211f);
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: flex; flex-direction: column;
  background: var(--ground); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header, footer { width: 100%; max-width: 46rem; margin: 0 auto; padding: 1.25rem; }
header a { display: inline-flex; gap: .6rem; align-items: center; color: inherit; font-weight: 650; text-decoration: none; }
.elsewhere { display: inline-flex; align-items: center; min-height: 2.75rem; }
footer { color: var(--quiet); font-size: .875rem; }
main {
  width: calc(100% - 2.5rem); max-width: 43.5rem; margin: 0 auto auto; padding: clamp(1.25rem, 5vw, 2.5rem);
  background: var(--card); border: 1px solid var(--line); border-radius: .9rem;
}
h1 { margin: 0 0 1rem; font-size: clamp(1.5rem, 4vw, 1.9rem); line-height: 1.2; letter-spacing: -.01em; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 2.25rem 0 .5rem; font-size: 1.1rem; }
p { max-width: 62ch; overflow-wrap: anywhere; }
main > :last-child { margin-bottom: 0; }
.quiet { color: var(--quiet); font-size: .925rem; }
.notice { margin: 0 0 1.5rem; padding: .7rem 1rem; border-radius: .5rem; background: var(--good); }
.bad { background: var(--bad); }
.row { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.75rem; }
.button {
  display: inline-block; padding: .6rem 1.1rem; border: 1px solid var(--edge); border-radius: .5rem;
  background: transparent; color: var(--ink); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
}
.button:hover { border-color: var(--accent); }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.primary:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .6rem .75rem .6rem 0; border-bottom: 1px solid var(--line); text-align: left; }
th { color: var(--quiet); font-size: .85rem; font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; padding-right: 1.75rem; }
.state { padding: .15rem .6rem; border: 1px solid var(--line); border-radius: 1rem; font-size: .875rem; }
dl { margin: 0; }
dl div { display: flex; flex-wrap: wrap; gap: .25rem 1rem; padding: .45rem 0; border-bottom: 1px solid var(--line); }
dt { flex: 0 0 8rem; color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
td code { white-space: nowrap; }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
@media (max-width: 30rem) {
  header, footer { padding: 1rem; }
  main { width: calc(100% - 2rem); padding: 1.25rem 1rem; }
  table { font-size: .875rem; }
  th { font-size: .75rem; }
  th, td, .number { padding-right: .5rem; }
  th:last-child, td:last-child { padding-right: 0; }
  .state { padding: .1rem .4rem; font-size: .8125rem; }
  dl div { display: block; }
  .row > * { flex: 1 1 auto; }
  .row .button { width: 100%; text-align: center; }
}
@media (max-width: 22rem) { .state { padding: 0; border: 0; } }
@media (prefers-reduced-motion: no-preference) { .button { transition: border-color .12s, filter .12s; } }
`

/** The mark beside the name. */
export const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><rect width="28" height="28" rx="7" fill="#3a4fc4"/><path d="M8 9h12l-1.2 11H9.200z M11 9a3 3 0 0 1 6 0" fill="none" stroke="#fff" stroke-width="2" stroke-linejoin="round"/></svg>`
