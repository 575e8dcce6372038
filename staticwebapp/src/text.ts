/** At most the first `length` UTF-16 code units of the text, well-formed, since no server accepts half of a surrogate pair, and without half of an emoji at the end. */
export function cutText(text: string, length: number): string {
  const isPairCut = /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(length));
  return text.slice(0, isPairCut ? length - 1 : length).toWellFormed();
}

/** The text with the characters that change the direction of what follows, and could make it read as something else, as escapes such as `\u202E`. */
export function withVisibleReordering(text: string): string {
  return text.replace(
    /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`,
  );
}
