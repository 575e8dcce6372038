/** Nothing is loaded, whatever the policy of the page allows, which a srcdoc inherits. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:; font-src data:";

/** What could reach the network in spite of that policy, such as a link that only opens a connection, or has no use without scripts. */
const removed = "script, link, meta, base, template, iframe, frame, frameset, object, embed, portal, fencedframe";

/** HTML that a model wrote, as a document that loads nothing. It is for a sandboxed frame, in which no script runs. */
export function staticHtml(html: string): string {
  const document = new DOMParser().parseFromString(html, "text/html"); // has no window: nothing in it loads or runs
  for (const element of document.querySelectorAll(removed)) {
    element.remove();
  }
  for (const link of document.querySelectorAll("a, area")) {
    for (const name of link.getAttributeNames()) {
      const isInPage = name === "href" && link.getAttribute(name)?.startsWith("#") === true;
      if (/^(xlink:)?href$|^ping$/.test(name) && !isInPage) {
        link.removeAttribute(name);
      }
    }
  }
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  meta.content = policy;
  document.head.prepend(meta);
  return `<!doctype html>${document.documentElement.outerHTML}`;
}
