import { useStore } from "zustand";
import { language } from "../i18n/strings";

/** Draws a component again in another language. Those that are drawn with the page are; the ones that are memoized ask for it. */
export function useLanguage(): void {
  useStore(language);
}
