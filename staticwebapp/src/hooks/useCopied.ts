import { useEffect, useState } from "react";
import { strings } from "../i18n/strings";
import { toast } from "../toast";

interface Copied {
  readonly copied: boolean;
  /** Copies the text, and next to it the same as HTML for programs that prefer it. */
  readonly copy: (text: string, html?: string) => void;
}

/** Copies text, and reports it for two seconds. */
export function useCopied(): Copied {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (copied) {
      const timer = setTimeout(() => setCopied(false), 2000);
      return () => clearTimeout(timer);
    }
    return undefined;
  }, [copied]);
  return {
    copied,
    copy: (text, html = "") => {
      write(text, html).then(
        () => setCopied(true),
        () => toast.error(strings.copyDenied),
      );
    },
  };
}

async function write(text: string, html: string): Promise<void> {
  const { clipboard } = navigator;
  if (clipboard === undefined) {
    throw new Error("There is no clipboard on a page that came over plain http from another machine.");
  }
  if (html === "" || typeof ClipboardItem === "undefined") {
    await clipboard.writeText(text);
    return;
  }
  const blob = (type: string, content: string) => new Blob([content], { type });
  await clipboard.write([
    new ClipboardItem({ "text/plain": blob("text/plain", text), "text/html": blob("text/html", html) }),
  ]);
}
