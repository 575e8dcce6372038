import type { Code, Construct, State, TokenizeContext, Tokenizer } from "micromark-util-types";
import type { Processor } from "unified";

const asterisk = 42;
/** Not those of Chinese, Japanese and Korean, which have no spaces: `**2026**年` is a year. */
const letter = "[\\p{Script=Latin}\\p{Script=Greek}]";
const product = new RegExp(`^(?:\\d(?:\\d|${letter}|\\()|(?:${letter}|\\))\\d)$`, "u");
const ofNumber = new RegExp(`^\\d(?:${letter}|\\()$`, "u");
/** Emphasis that begins a word, or else asterisks between what is multiplied. */
const emphasisOrProduct = new RegExp(
  `(?<![\\p{L}\\d)*])(\\*+)[^\\s*][^*\\n]*\\1(?!\\*)|(?<=\\d)\\*+(?=\\d|${letter}|\\()|(?<=${letter}|\\))\\*+(?=\\d)`,
  "gu",
);
/** Unicode's private use, in place of an asterisk. */
const hidden = "\uE000";
/** Emphasis that ends in a number is short. The limit keeps a text full of products from being searched to its start for each of them. */
const mostEvents = 20;

/**
 * Reads asterisks next to a digit within a word, as in `2*3`, `5*x*7` and `2**(n)`, as multiplication: CommonMark's rules read pairs of them as emphasis.
 * What ends emphasis that began before a word is no product: `**5**th`.
 */
export function remarkMultiplication(this: Processor) {
  const data = this.data() as { micromarkExtensions?: unknown[] };
  data.micromarkExtensions ??= [];
  data.micromarkExtensions.push({ text: { [asterisk]: construct } });
}

/** What `complete` makes of a text that is still being written. It does not see products, which it would complete as emphasis. */
export function withoutProducts(text: string, complete: (text: string) => string): string {
  if (!/\d\*|\*\d/.test(text) || text.includes(hidden)) {
    return complete(text);
  }
  const shown = text.replace(emphasisOrProduct, (whole, mark?: string) =>
    mark === undefined ? hidden.repeat(whole.length) : whole,
  );
  return complete(shown).replaceAll(hidden, "*");
}

const construct: Construct = { name: "multiplication", tokenize };

function tokenize(this: TokenizeContext, effects: Parameters<Tokenizer>[0], ok: State, nok: State): State {
  const before = this.previous;
  let length = 0;
  const inside: State = (code) => {
    if (code === asterisk) {
      length += 1;
      effects.consume(code);
      return inside;
    }
    const around = text(before) + text(code);
    if (!product.test(around) || (ofNumber.test(around) && endsEmphasis(this, length))) {
      return nok(code);
    }
    effects.exit("data");
    return ok(code);
  };
  return (code) => {
    effects.enter("data");
    return inside(code);
  };
}

function text(code: Code): string {
  return code !== null && code > 0 ? String.fromCharCode(code) : "";
}

/** Whether the last asterisks can only begin emphasis, and are as many. */
function endsEmphasis({ events, sliceSerialize }: TokenizeContext, length: number): boolean {
  const last = events.slice(-mostEvents).findLast(([, { type }]) => type === "attentionSequence")?.[1];
  return last?._open === true && last._close !== true && sliceSerialize(last) === "*".repeat(length);
}
