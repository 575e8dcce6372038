const safe = new Set(["http:", "https:", "mailto:"]);

/** The address if it is one that a click may open, as an absolute URL; undefined for anything else. */
export function safeUrl(address: string | undefined): string | undefined {
  try {
    const url = new URL(address ?? "");
    return safe.has(url.protocol) ? url.href : undefined;
  } catch {
    return undefined; // a relative address would point into this page, which model text has no business with
  }
}

/** The host that a link leads to, without www., to be shown beside its title. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host.replace(/^www\./, "");
  } catch {
    return url;
  }
}
