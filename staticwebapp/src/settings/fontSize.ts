import { type FontSize, settings } from "./settings";

const sizes: Readonly<Record<FontSize, string>> = { small: "87.5%", normal: "", large: "118.75%" };

/** Applies the chosen text size. Every size of the page follows that of its root. */
export function applyFontSize(): void {
  const apply = () => {
    document.documentElement.style.fontSize = sizes[settings.getState().fontSize] ?? "";
  };
  apply();
  settings.subscribe(apply);
}
