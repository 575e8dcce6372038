import { useEffect, useState } from "react";
import { toast } from "sonner";

/** Copies text, and says for two seconds that it did. */
export function useCopied(): { readonly copied: boolean; readonly copy: (text: string) => void } {
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
    copy: (text) => {
      // There is no clipboard where the page came over plain http from another machine.
      const copying = navigator.clipboard?.writeText(text) ?? Promise.reject();
      copying.then(
        () => setCopied(true),
        () => toast.error("The browser did not allow copying. Select the text and copy it by hand."),
      );
    },
  };
}
