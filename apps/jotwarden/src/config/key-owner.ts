/** Whether the text can name who answers for the keys: a line of its own wherever it is shown. */
export function isKeyOwner(text: string): boolean {
  return /^[^\p{C}]{1,100}$/u.test(text) && text.trim() === text
}
