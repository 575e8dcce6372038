import { isImageData } from "../attachments/attachment";

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

/** The address if it holds a picture itself. */
export function inlineImage(address: string | undefined): string | undefined {
  return address !== undefined && address.length <= largestInline && isImageData(address) ? address : undefined;
}

/** The host of a link, without www., to be shown next to its title. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}

/** The text without the characters that change the direction of what follows, and could make it read as something else. */
export function withoutReordering(text: string): string {
  return text.replace(/[\u202A-\u202E\u2066-\u2069]/g, "");
}

// What comes before a path, with a scheme or without. Names such as Node.js and files such as readme.md look like hosts.
const withScheme = /^\s*https?:\/\/(?:[^/\s@]*@)?([^/:?#\s]+)/i;
const bareHost = /^\s*((?:[a-z0-9-]+\.)+[a-z]{2,})(?=[/:?#]|\s*$)/;
const fileName = /\.(?:cs|css|csv|go|html?|js|json|md|pdf|py|rs|sh|ts|txt|xml|ya?ml)$/;

/** Whether a link's text looks like an address of another host than the one that a click opens. */
export function isMisleading(text: string, url: string): boolean {
  const bare = bareHost.exec(text)?.[1];
  const named = withScheme.exec(text)?.[1] ?? (bare !== undefined && !fileName.test(bare) ? bare : undefined);
  return (
    named !== undefined && hostOf(`https://${named}/`).toLowerCase() !== new URL(url).hostname.replace(/^www\./, "")
  );
}
