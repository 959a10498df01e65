/** The mark: a gate, and in it a jot. Also the icon of the tab, so that it brings its own colours: `ground` must let white be seen. */
export function markOn(ground: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="${ground}"/><path d="M9 25V15.5a7 7 0 0 1 14 0V25" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"/><circle cx="16" cy="20" r="2.6" fill="#f5b454"/></svg>`
}
