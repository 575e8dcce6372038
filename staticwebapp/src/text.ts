/** At most the first `length` UTF-16 code units of the text, well-formed, since no server accepts half of a surrogate pair, and without half of an emoji at the end. */
export function cutText(text: string, length: number): string {
  const isPairCut = /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(length));
  return text.slice(0, isPairCut ? length - 1 : length).toWellFormed();
}
