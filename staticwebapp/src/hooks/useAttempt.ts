import { useState } from "react";
import { errorText } from "../api/problem";
import { strings } from "../i18n/strings";
import { toast } from "../toast";

/** Runs actions of the user one at a time, and shows why one failed. */
export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const attempt = async (action: () => Promise<void>) => {
    setBusy(true);
    try {
      await action();
    } catch (error) {
      toast.error(errorText(error, strings.unreachable));
    }
    setBusy(false);
  };
  return { busy, attempt };
}
