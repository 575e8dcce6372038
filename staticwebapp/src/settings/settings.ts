import { createStore } from "zustand/vanilla";
import type { TurnOptions } from "../chat/tree";

export type Theme = "system" | "light" | "dark";

/** What a person chose once and finds again, in every tab. */
export interface Settings {
  readonly theme: Theme;
  /** The model's id; absent means the server's default. */
  readonly model?: string;
  /** Tools that were turned off; new ones are on. */
  readonly toolsOff: readonly string[];
  readonly systemPrompt: string;
  /** Absent leaves it to the provider. */
  readonly temperature?: number;
}

const key = "funcchat.settings";

export const defaultSettings: Settings = { theme: "system", toolsOff: [], systemPrompt: "" };

export const settings = createStore<Settings>(() => read(globalThis.localStorage?.getItem(key) ?? null));

/** Changes some settings; undefined removes one. */
export function change(changes: { readonly [K in keyof Settings]?: Settings[K] | undefined }): void {
  const changed = Object.fromEntries(
    Object.entries({ ...settings.getState(), ...changes }).filter(([, value]) => value !== undefined),
  ) as unknown as Settings;
  settings.setState(changed, true);
  try {
    localStorage.setItem(key, JSON.stringify(changed));
    localStorage.setItem("funcchat.theme", changed.theme); // read by theme.js before the first paint
  } catch {
    // A browser that keeps nothing still applies the choice to this page.
  }
}

/** Takes over what other tabs choose. */
export function followOtherTabs(): void {
  addEventListener("storage", (event) => {
    if (event.key === key) {
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
