/** Nothing is loaded, whatever the policy of the page allows, which a srcdoc inherits. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; font-src data:";

/** What could reach the network in spite of that policy, such as a link that only opens a connection, or has no use without scripts. */
const removed =
  "script, link, meta, base, template, iframe, frame, frameset, object, embed, portal, fencedframe, math, " +
  "set, animate, animateMotion, animateTransform"; // an animation can change where a link leads

/** Where HTML changes more often than this when it is parsed, it was written to. */
const mostRounds = 8;

/**
 * HTML that a model wrote, as a document that loads nothing. It is for a sandboxed frame, in which no script runs. HTML that can mean something
 * else each time it is parsed becomes plain text.
 */
export function staticHtml(html: string): string {
  let before = html;
  for (let round = 0; round < mostRounds; round++) {
    const after = stripped(before);
    if (after === before) {
      return after;
    }
    before = after;
  }
  const page = parse("<pre></pre>");
  page.body.firstElementChild?.append(html);
  return serialize(page);
}

function stripped(html: string): string {
  const page = parse(html);
  for (const element of page.querySelectorAll(removed)) {
    element.remove();
  }
  for (const link of page.querySelectorAll("a, area")) {
    for (const name of link.getAttributeNames()) {
      if (/^(xlink:)?href$|^ping$/.test(name)) {
        const target = name === "href" ? inPage(link.getAttribute(name) ?? "") : undefined;
        if (target === undefined) {
          link.removeAttribute(name);
        } else {
          link.setAttribute(name, target);
        }
      }
    }
  }
  return serialize(page);
}

/** A link within the page. In a srcdoc, one without a scheme leads to the page around the frame. */
function inPage(href: string): string | undefined {
  const [, fragment] = /^(?:about:srcdoc)?(#.*)$/s.exec(href) ?? [];
  return fragment === undefined ? undefined : `about:srcdoc${fragment}`;
}

/** The document has no window: nothing in it loads or runs. */
function parse(html: string): Document {
  return new DOMParser().parseFromString(html, "text/html");
}

function serialize(page: Document): string {
  const meta = page.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = policy;
  page.head.prepend(meta);
  return `<!doctype html>${page.documentElement.outerHTML}`;
}
