/** What only the page needs: controls, symbols, and the visual form of math, which has a semantic one too. */
const left = "button, svg, summary svg, input, .actions, .katex-html, .source-card, [data-waiting], [role=alert], time";
const kept = new Set(["href", "src", "alt", "colspan", "rowspan", "start", "dir"]);

/** The text of an answer as HTML for word processors and mail: elements without the page's classes and styles. */
export function htmlOf(article: Element | null): string {
  const texts = [...(article?.querySelectorAll(":scope > .prose") ?? [])];
  return texts
    .map((text) => {
      const copy = text.cloneNode(true) as Element;
      for (const element of copy.querySelectorAll(left)) {
        element.remove();
      }
      for (const figure of copy.querySelectorAll("figure")) {
        figure.replaceWith(...figure.querySelectorAll("pre, img"));
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
