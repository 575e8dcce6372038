import { createStore } from "zustand/vanilla";
import type { TurnOptions } from "../chat/tree";
import { keyOf } from "../storage/owner";

export type Theme = "system" | "light" | "dark";

/** What a person chose once and finds again, in every tab. */
export interface Settings {
  readonly theme: Theme;
  /** Whether the list of chats stands beside them, where there is room for both. */
  readonly chatsBeside: boolean;
  /** The model's id; absent means the server's default. */
  readonly model?: string;
  /** Tools that were turned off; new ones are on. */
  readonly toolsOff: readonly string[];
  readonly systemPrompt: string;
  /** Absent leaves it to the provider. */
  readonly temperature?: number;
}

const themeKey = "funcchat.theme"; // read by theme.js before the first paint, and the same for every account

const stored = () => read(globalThis.localStorage?.getItem(keyOf("settings")) ?? null);

export const defaultSettings: Settings = { theme: "system", chatsBeside: true, toolsOff: [], systemPrompt: "" };

export const settings = createStore<Settings>(stored);

/** Takes the settings of the account that has signed in, but for the colours, which stay as they are. */
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
    // A browser that keeps nothing still applies the choice to this page.
  }
}

/** Takes over what other tabs choose. */
export function followOtherTabs(): void {
  addEventListener("storage", (event) => {
    if (event.key === keyOf("settings")) {
      settings.setState(read(event.newValue), true);
    }
  });
}

/** The options of the next turn: the chosen model if the server has it, and the tools that are on. */
export function turnOptions(
  { model, toolsOff, systemPrompt, temperature }: Settings,
  models: readonly { readonly id: string }[] | undefined,
  tools: readonly { readonly name: string }[] | undefined,
): TurnOptions {
  const offered = model !== undefined && models?.some(({ id }) => id === model) !== false;
  return {
    ...(model !== undefined && offered ? { model } : {}),
    tools: (tools ?? []).map(({ name }) => name).filter((name) => !toolsOff.includes(name)),
    ...(systemPrompt.trim() === "" ? {} : { systemPrompt }),
    ...(temperature === undefined ? {} : { temperature }),
  };
}

function read(json: string | null): Settings {
  try {
    const stored = JSON.parse(json ?? "{}") as Partial<Settings> | null;
    return { ...defaultSettings, ...stored };
  } catch {
    return defaultSettings;
  }
}
