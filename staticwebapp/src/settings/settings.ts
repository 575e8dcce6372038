import { createStore } from "zustand/vanilla";
import type { Language } from "../i18n/strings";
import { keyOf } from "../storage/owner";

export type Theme = "system" | "light" | "dark";

export type FontSize = "small" | "normal" | "large";

/** What a user chose once and finds again, in every tab. */
export interface Settings {
  readonly theme: Theme;
  /** Absent follows the browser. */
  readonly language?: Language;
  readonly fontSize: FontSize;
  /** Whether the list of chats is shown next to them, where there is room for both. */
  readonly chatsBeside: boolean;
  /** The folders of the list that are closed. */
  readonly closedFolders: readonly string[];
  /** The model of new chats; absent means the server's default. */
  readonly model?: string;
  /** Tools that are off in new chats; new tools are on. */
  readonly toolsOff: readonly string[];
  readonly systemPrompt: string;
  /** What the user wants models to know about them, in all chats. */
  readonly aboutUser: string;
  /** Absent means the provider's default. */
  readonly temperature?: number;
  /** Whether the browser notifies of answers that are ready while the page is in the background. */
  readonly notify: boolean;
  /** Whether models write the titles of new chats. */
  readonly titles: boolean;
  /** Whether models suggest what to say after each answer. */
  readonly suggestions: boolean;
}

/** It is sent with every message. */
export const longestAboutUser = 2_000;

const themeKey = "funcchat.theme"; // read by theme.js before the first paint, and the same for every account

const stored = () => read(() => globalThis.localStorage?.getItem(keyOf("settings")));

export const defaultSettings: Settings = {
  theme: "system",
  fontSize: "normal",
  chatsBeside: true,
  closedFolders: [],
  toolsOff: [],
  systemPrompt: "",
  aboutUser: "",
  notify: false,
  titles: true,
  suggestions: false,
};

export const settings = createStore<Settings>(stored);

/** Reads the settings of the account that has signed in, except for the theme, which stays. */
export function readSettingsAgain(): void {
  settings.setState({ ...stored(), theme: settings.getState().theme }, true);
}

/** Changes some settings; undefined removes one. */
export function change(changes: { readonly [K in keyof Settings]?: Settings[K] | undefined }): void {
  const changed = Object.fromEntries(
    Object.entries({ ...settings.getState(), ...changes }).filter(([, value]) => value !== undefined),
  ) as unknown as Settings;
  settings.setState(changed, true);
  try {
    localStorage.setItem(keyOf("settings"), JSON.stringify(changed));
    localStorage.setItem(themeKey, changed.theme);
  } catch {
    // A browser without storage still applies the choice to this page.
  }
}

/** Applies what other tabs choose. */
export function followOtherTabs(): void {
  addEventListener("storage", (event) => {
    if (event.key === keyOf("settings")) {
      settings.setState(
        read(() => event.newValue),
        true,
      );
    }
  });
}

function read(json: () => string | null | undefined): Settings {
  try {
    const stored = JSON.parse(json() ?? "{}") as Partial<Settings> | null;
    return { ...defaultSettings, ...stored };
  } catch {
    return defaultSettings; // also where the browser refuses storage
  }
}
