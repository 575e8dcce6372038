import { loadLanguage, systemLanguage } from "../i18n/strings";
import { settings } from "./settings";

/** Loads the chosen language, or else the browser's, now and whenever the choice changes. */
export async function applyLanguage(): Promise<void> {
  const chosen = () => settings.getState().language ?? systemLanguage();
  settings.subscribe((now, before) => {
    if (now.language !== before.language) {
      void loadLanguage(chosen());
    }
  });
  await loadLanguage(chosen());
}
