import type { Link, Nodes, Parent, Root, RootContent } from "mdast";
import type { Code, Construct, State, TokenizeContext, Tokenizer, TokenType } from "micromark-util-types";
import type { Processor } from "unified";

/** No address has these as they are: they continue a sentence in Chinese or Japanese, which has no spaces. */
const marks = /[、。〈〉《》「」『』【】〔〕〖〗〝〞〟！（），．：；？［］｛｝｡｢｣､“”]/;
const beginnings = ["https://", "http://", "www."];
const whole = /^(?:https?:\/\/|www\.)[\p{L}\p{N}]/iu;

/** Ends a bare address where punctuation of Chinese or Japanese follows: GitHub's rules, which read all others, need a space there. */
export function remarkCjkAutolinks(this: Processor) {
  const data = this.data() as { micromarkExtensions?: unknown[] };
  data.micromarkExtensions ??= [];
  const text = Object.fromEntries(["H", "h", "W", "w"].map((letter) => [letter.charCodeAt(0), construct]));
  data.micromarkExtensions.push({ text });
  return (tree: Root) => splitLinks(tree);
}

const construct: Construct = { name: "cjkAutolink", tokenize };

function tokenize(this: TokenizeContext, effects: Parameters<Tokenizer>[0], ok: State, nok: State): State {
  const { previous } = this;
  let found = "";
  let type: TokenType;
  let consumed = 0;
  const measure: Construct = {
    partial: true,
    tokenize: (ahead, yes, no) => {
      let read = "";
      const next: State = (code) => {
        if (isMark(code)) {
          found = withoutEnd(read);
          return whole.test(found) && !isInLabel(this) ? yes(code) : no(code);
        }
        if (code === null || code <= 32 || code === 60 /* < */) {
          return no(code);
        }
        read += String.fromCharCode(code);
        if (!beginnings.some((beginning) => beginning.startsWith(read.slice(0, beginning.length).toLowerCase()))) {
          return no(code);
        }
        ahead.consume(code);
        return next;
      };
      return next;
    },
  };
  const enter: State = (code) => {
    type = (found.toLowerCase().startsWith("www.") ? "literalAutolinkWww" : "literalAutolinkHttp") as TokenType;
    effects.enter(type);
    return inside(code);
  };
  const start: State = (code) => {
    effects.enter("literalAutolink" as TokenType);
    return effects.check(measure, enter, nok)(code);
  };
  const inside: State = (code) => {
    if (consumed < found.length) {
      consumed += 1;
      effects.consume(code);
      return inside;
    }
    effects.exit(type);
    effects.exit("literalAutolink" as TokenType);
    return ok(code);
  };
  const isInWord = previous !== null && previous > 0 && /[a-z\d]/i.test(String.fromCharCode(previous));
  return isInWord ? nok : start;
}

function isMark(code: Code): boolean {
  return code !== null && code > 0 && marks.test(String.fromCharCode(code));
}

/** Whether it is in what may be the text of a link, which contains no other. */
function isInLabel({ events }: TokenizeContext): boolean {
  return events.some(([, { type, _balanced: isClosed }]) => /^label(?:Link|Image)$/.test(type) && isClosed !== true);
}

/** As GitHub's rules have it: an address ends neither with punctuation nor with a bracket that it does not open. */
function withoutEnd(address: string): string {
  let kept = address;
  for (let before = ""; before !== kept; ) {
    before = kept;
    kept = kept.replace(/[?!.,:;*_~'"]+$/, "");
    kept = kept.endsWith(")") && kept.split(")").length > kept.split("(").length ? kept.slice(0, -1) : kept;
  }
  return kept;
}

/** The same for addresses that are found in the text that was parsed, such as in brackets that are no link. Only these have no position. */
function splitLinks(node: Nodes): void {
  if ("children" in node && node.type !== "link") {
    const parent = node as Parent;
    parent.children = parent.children.flatMap((child) =>
      child.type === "link" && child.position === undefined ? split(child) : [child as RootContent],
    );
    parent.children.forEach(splitLinks);
  }
}

function split(link: Link): RootContent[] {
  const [text] = link.children;
  const shown = text?.type === "text" ? text.value : "";
  const at = shown.search(marks);
  if (at <= 0) {
    return [link];
  }
  const kept = withoutEnd(shown.slice(0, at));
  const rest = shown.slice(kept.length);
  const url = link.url.slice(0, link.url.length - rest.length);
  return [
    { ...link, url, children: [{ type: "text", value: kept }] },
    { type: "text", value: rest },
  ];
}
