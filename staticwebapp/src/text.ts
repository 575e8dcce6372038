const surrogate = /\p{Surrogate}/gu;

/** The text with U+FFFD in place of each half of a surrogate pair: no server accepts those, since they can't be encoded. */
export function wellFormed(text: string): string {
  return text.replace(surrogate, "\uFFFD");
}

/** At most the first `length` UTF-16 code units of the text, well-formed, without half of an emoji at the end. */
export function cutText(text: string, length: number): string {
  const isPairCut = /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(length));
  return wellFormed(text.slice(0, isPairCut ? length - 1 : length));
}
