import { type CSSProperties, useEffect } from "react";
import { Toaster, toast } from "sonner";
import { strings } from "../i18n/strings";
import { useSettings } from "../services";
import { showToastsThrough } from "../toast";

const style = {
  "--normal-bg": "var(--surface)",
  "--normal-text": "var(--ink)",
  "--normal-border": "var(--line)",
} as CSSProperties;

/** Below the top bar, whose buttons stay in reach. */
const offset = { top: "3.75rem" };

/** Where toasts appear. */
export function Toasts() {
  const theme = useSettings((settings) => settings.theme);
  useEffect(() => showToastsThrough(toast), []); // after the effects of what it contains, which listens then
  return (
    <Toaster
      theme={theme}
      position="top-center"
      offset={offset}
      mobileOffset={offset}
      containerAriaLabel={strings.notifications}
      closeButton
      toastOptions={{ classNames: { error: "[&_[data-icon]]:text-bad", description: "text-muted!" } }}
      style={style}
    />
  );
}
