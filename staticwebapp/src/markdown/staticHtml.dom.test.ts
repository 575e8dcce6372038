import { expect, it } from "vitest";
import { staticHtml } from "./staticHtml";

const parse = (html: string) => new DOMParser().parseFromString(staticHtml(html), "text/html");

it("keeps the text, the styles, and the links within the page", () => {
  const page = parse(
    '<html lang="en"><head><title>T</title><style>h1 { color: red }</style></head><body class="x"><h1 id="top">Hi</h1><a href="#top">Up</a></body></html>',
  );

  expect(page.documentElement.lang).toBe("en");
  expect(page.querySelector("style")?.textContent).toBe("h1 { color: red }");
  expect(page.body.innerHTML).toBe('<h1 id="top">Hi</h1><a href="about:srcdoc#top">Up</a>');
});

it("begins with a policy of its own, whatever the page says about it", () => {
  const page = parse('<meta http-equiv="Content-Security-Policy" content="default-src *"><p>Hi</p>');

  const policies = [...page.querySelectorAll("meta")];
  expect(policies).toHaveLength(1);
  expect(page.head.firstElementChild).toBe(policies[0]);
  expect(policies[0]?.content).toMatch(/^default-src 'none'; /);
});

it.each([
  ["a script", "<script>1</script>"],
  ["a connection", '<link rel="preconnect" href="https://example.com">'],
  [
    "a connection in a shadow tree",
    '<template shadowrootmode="open"><link rel="preconnect" href="https://example.com"></template>',
  ],
  ["a connection without scripts", '<noscript><link rel="preconnect" href="https://example.com"></noscript>'],
  ["a connection in SVG", '<svg><desc><link rel="dns-prefetch" href="https://example.com"></desc></svg>'],
  ["a redirection", '<meta http-equiv="refresh" content="0; url=https://example.com">'],
  ["a base", '<base href="https://example.com">'],
  ["a frame", '<iframe src="https://example.com"></iframe>'],
  ["a frame with HTML", '<iframe srcdoc="<p>"></iframe>'],
  ["a set of frames", '<frameset><frame src="https://example.com"></frameset>'],
  ["an object", '<object data="https://example.com"></object><embed src="https://example.com">'],
  ["a link", '<a href="https://example.com" ping="https://example.com">x</a>'],
  ["a link in SVG", '<svg><a xlink:href="https://example.com" href="https://example.com"><text>x</text></a></svg>'],
  [
    "a connection that appears when the page is parsed again",
    '<form><math><mtext></form><form><mglyph><style></math><link rel="preconnect" href="https://example.com">',
  ],
  ["a link that an animation changes", '<svg><a><set attributeName="href" to="https://example.com"/></a></svg>'],
  [
    "a link that a slower animation changes",
    '<svg><a><animate attributeName="href" values="https://example.com"/></a></svg>',
  ],
  ["a link of an area", '<map><area href="https://example.com" ping="https://example.com"></map>'],
])("leaves out %s", (_, html) => {
  const page = parse(html);

  page.querySelector("meta")?.remove();
  expect(page.querySelector("script, link, meta, base, template, iframe, frame, object, embed")).toBeNull();
  expect(page.documentElement.outerHTML).not.toContain("https://example.com");
});

it("is the same when it is parsed again", () => {
  const html = "<form><div></form><form><p><table><tr><td>1<a id=x><a id=y></table><pre>\n\nText";

  const page = staticHtml(html);

  expect(`<!doctype html>${new DOMParser().parseFromString(page, "text/html").documentElement.outerHTML}`).toBe(page);
});

it("is plain text where it changes each time it is parsed", () => {
  const page = parse("<p>Hi<plaintext>There");

  expect(page.body.innerHTML).toBe("<pre>&lt;p&gt;Hi&lt;plaintext&gt;There</pre>");
});
