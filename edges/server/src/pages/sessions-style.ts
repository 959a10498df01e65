/** What only the page of one's own sign-ins needs; it is part of the one style sheet. */
export const sessionsStyle: string = `
.page:has(.wide) { width: min(100%, 46rem); }
.wide h2 { margin-top: 2rem; font-size: 1.0625rem; }
.wide h3 { margin: 0; font-size: 1rem; font-weight: 600; line-height: 1.4; }
.wide .quiet { margin: .125rem 0 0; line-height: 1.45; text-wrap: pretty; }
.done {
  margin: 1.25rem 0 0;
  padding: .75rem .875rem;
  background: var(--tint);
  border: 1px solid transparent;
  border-left: 4px solid var(--accent);
  border-radius: .5rem;
  font-size: .9375rem;
}
.done + .lead, .alert + .lead { margin-top: 1.25rem; }
.sign-ins, .rows { margin: 0; padding: 0; list-style: none; }
.sign-in { margin-top: .875rem; border: 1px solid var(--edge); border-radius: .75rem; overflow: clip; }
.sign-in-head { padding: 1rem; background: var(--tint); }
.sign-in-head, .rows li { display: flex; align-items: center; justify-content: space-between; gap: .75rem 1rem; }
.sign-in-head > div, .rows li > div { flex: 1; min-width: 0; }
.sign-in .rows { padding: 0 1rem; }
.rows li { padding: .875rem 0; border-top: 1px solid var(--edge); }
.rows li:first-child { border-top: 0; }
.apps li:first-child { border-top: 1px solid var(--edge); }
.apps { margin-top: 1rem; border-bottom: 1px solid var(--edge); }
.rows .quiet { display: block; }
.sign-in .none { margin: 0; padding: .875rem 1rem; }
.badge {
  display: inline-block;
  padding: 0 .5rem;
  color: var(--on-button);
  background: var(--button);
  border-radius: 1rem;
  font-size: .75rem;
  line-height: 1.375rem;
  font-weight: 600;
  vertical-align: .0625rem;
  white-space: nowrap;
}
.inline { flex: none; margin: 0; }
form > .button.small { margin: 0; }
.button.small { width: auto; min-height: 2.75rem; padding: .375rem .875rem; font-size: .9375rem; background: var(--card); }
.button.small:hover { background: var(--tint); }
.button.danger { color: var(--alert-text); border-color: var(--alert-edge); }
.button.danger:hover { background: var(--alert-ground); border-color: var(--alert-edge); }
.pager { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 1rem 0 0; }
.pager a { display: inline-block; padding: .625rem 0; }
.together { margin: .75rem 0 0; }
.together > .button { margin: 0; }
.together .quiet { margin-top: .375rem; }
.together p { margin: .75rem 0; }
details { margin-top: 1rem; }
summary.button { display: flex; align-items: center; justify-content: center; list-style: none; text-align: center; }
summary.button::-webkit-details-marker { display: none; }
details[open] > .together { padding: .25rem 1rem 1rem; border: 1px solid var(--edge); border-radius: .625rem; }
@media (max-width: 32rem) {
  .sign-in-head, .rows li { flex-direction: column; align-items: flex-start; }
}
@media (forced-colors: active) {
  .badge, .done, .sign-in { border: 1px solid; }
}
`
