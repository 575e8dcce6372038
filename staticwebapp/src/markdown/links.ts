const safe = new Set(["http:", "https:", "mailto:"]);

/** The address if it is one that a click may open, as an absolute URL; undefined for anything else. */
export function safeUrl(address: string | undefined): string | undefined {
  try {
    const url = new URL(address ?? "");
    return safe.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined; // a relative address would point into this page, which model text must not
  }
}

const largestInline = 4_000_000;

/** The address if it holds a picture itself. SVG is not among them: it is a document. */
export function inlineImage(address: string | undefined): string | undefined {
  return address !== undefined &&
    address.length <= largestInline &&
    /^data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/.test(address)
    ? address
    : undefined;
}

/** The host of a link, without www., to be shown next to its title. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}
