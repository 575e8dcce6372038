/** The letters that Western languages add to a-z, as far as Windows-1252 has them. */
const accented = "À-ÖØ-öø-ÿŒœŠšŽžŸ";
const letter = `A-Za-z${accented}`;
const quote = "‘’“”„‚«»‹›";

/** Accented letters that follow each other in a word, such as in größer, ações, théâtre, and góður. */
const pairs =
  /ää|öö|üü|õõ|éé|åå|[äöüâéê]ß|ß[äöü]|[éèâ]ç|ç[ãõáàâéèêíóôúû]|é[âè]|ñ[áéíóú]|ü[éèêíï]|å[äöø]|þ[áéíóúýæö]|[áéíóúýæö][ðþ]/gi;

/** What other encodings look like when they are read as Windows-1252. */
const implausible = [
  // Bytes that it does not use.
  /[\x81\x8d\x8f\x90\x9d]/,
  /[^\0-\x7f]{3}/,
  new RegExp(`[${accented}]{2}`),
  // A sign within a word, other than an apostrophe, a hyphen, the dot of Catalan, or a square as in W/m²K.
  new RegExp(`[${letter}][^\\0-\\x7f${accented}‘’´·²–—\\xad][${letter}]`),
  // Where other encodings have a letter at the start or at the end of a word.
  new RegExp(`[${letter}][¡¤¦¨¬¯±¶¸¼½¾¿ƒˆ˜‚„]|[ƒ±¶][${letter}]|[³º][a-z]|[a-z][ŠŽŸ]|þ(?![aeiouyáéíóúýæörjv])`),
  /[†‡ƒˆ˜¤¦¨¬¯¶¸±][^\0-\x7f]|[^\0-\x7f][†‡ƒˆ˜¤¦¨¬¯¶¸±]|[¹³]¿/,
];

/** Whether a text that was read as Windows-1252, which includes Latin-1, has words of a Western language only. */
export function isWestern(text: string): boolean {
  const words = text
    .replace(/[\xa0…]/g, " ")
    .replace(pairs, "aa")
    .replace(new RegExp(`[${quote}][${accented}][${quote}]`, "g"), " a ");
  return !implausible.some((pattern) => pattern.test(words));
}

/** The first word that depends on the encoding. */
export function sampleOf(text: string): string {
  const first = text.search(/[^\0-\x7f]/);
  const before = /\p{L}*$/u.exec(text.slice(Math.max(0, first - 20), first))?.[0] ?? "";
  const after = /^.\p{L}*/u.exec(text.slice(first, first + 20))?.[0] ?? "";
  return before + after;
}
