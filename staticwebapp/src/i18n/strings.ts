import { createStore } from "zustand/vanilla";
import { en, type Strings } from "./en";

export const languages = { en: "English", de: "Deutsch" } as const;

export type Language = keyof typeof languages;

/** The texts in the current language. Read them where they are shown: the binding changes with the language. */
export let strings: Strings = en;

/** The language in use. The page is drawn again when it changes. */
export const language = createStore<Language>(() => "en");

/** The language of the browser, where the page has it. */
export function systemLanguage(preferred: readonly string[] = globalThis.navigator?.languages ?? []): Language {
  for (const tag of preferred) {
    const base = tag.slice(0, 2).toLowerCase();
    if (base in languages) {
      return base as Language;
    }
  }
  return "en";
}

/** Loads the texts of a language; English is part of the first load. Keeps the current language when loading fails. */
export async function loadLanguage(wanted: Language): Promise<void> {
  try {
    strings = wanted === "de" ? (await import("./de")).de : en;
  } catch {
    return; // offline: the next visit tries again
  }
  language.setState(wanted, true);
  if (typeof document !== "undefined") {
    document.documentElement.lang = wanted;
  }
}
