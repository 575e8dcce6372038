const copy = /^(.+)-m[0-9a-z]{11}$/;

/** The server accepts ids of up to 64 characters. */
const longestOrigin = 50;

/** The id of an answer's copy in another place. It is the same on every device that moves the answer there, so that the copies are one turn. */
export function copyId(answerId: string, parentAnswerId: string | null): string {
  return `${originOf(answerId)}-m${hash(parentAnswerId ?? "")}`;
}

export function isCopyId(answerId: string): boolean {
  return copy.test(answerId);
}

/** What the ids of an answer and of all its copies have in common. */
export function originOf(answerId: string): string {
  const origin = copy.exec(answerId)?.[1] ?? answerId;
  return origin.length <= longestOrigin ? origin : `${hash(origin)}${hash(`${origin}.`)}`;
}

/** 53 bits of the text, as 11 characters: two multiplicative hashes that are mixed at the end. */
function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  return (0x100000000 * (low & 0x1fffff) + (high >>> 0)).toString(36).padStart(11, "0");
}
