import { wholeCode } from "../markdown/wholeCode";

/** What only the page needs: controls, symbols, and the visual form of math, which has a semantic one too. */
const left = "button, svg, summary svg, input, .actions, .katex-html, .source-card, [data-waiting], [role=alert], time";
/** The page finds the direction of each of these by style, and word processors do not know `dir="auto"`. */
const blocks = "p, li, h2, h3, h4, h5, h6, th, td, [dir=auto]";
const rightToLeft = /^\P{L}*[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}]/u;
const kept = new Set(["href", "src", "alt", "colspan", "rowspan", "start", "dir"]);

/** The text of an answer as HTML for word processors and mail: elements without the page's classes and styles. */
export function htmlOf(article: Element | null): string {
  const texts = [...(article?.querySelectorAll(":scope > .prose") ?? [])];
  return texts
    .map((text) => {
      const copy = text.cloneNode(true) as Element;
      const figures = [...text.querySelectorAll("figure")];
      for (const [index, figure] of copy.querySelectorAll("figure").entries()) {
        figure.replaceWith(...contentOf(figure, wholeCode(figures[index] as Element)));
      }
      for (const box of copy.querySelectorAll<HTMLInputElement>("input[type=checkbox]")) {
        box.replaceWith(box.checked ? "☑" : "☐");
      }
      for (const element of copy.querySelectorAll(left)) {
        element.remove();
      }
      for (const block of copy.querySelectorAll(blocks)) {
        block.removeAttribute("dir");
        if (rightToLeft.test(block.textContent)) {
          block.setAttribute("dir", "rtl");
        }
      }
      for (const element of copy.querySelectorAll("*")) {
        for (const name of element.getAttributeNames()) {
          if (!kept.has(name)) {
            element.removeAttribute(name);
          }
        }
      }
      return copy.innerHTML;
    })
    .join("\n");
}

/** The drawing that a block of code shows, or else all of its code, of which the block may show the first lines only. */
function contentOf(figure: Element, code: string | undefined): readonly Element[] {
  const images = [...figure.querySelectorAll("img")];
  if (images.length > 0 || code === undefined) {
    return images;
  }
  const pre = document.createElement("pre");
  pre.append(document.createElement("code"));
  pre.firstElementChild?.append(code);
  return [pre];
}
