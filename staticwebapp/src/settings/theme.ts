import { settings } from "./settings";

const prefersDark = () => matchMedia("(prefers-color-scheme: dark)");

/** Applies the chosen theme, or else the system's. theme.js did so for the first paint. */
export function applyTheme(): void {
  const apply = () => {
    const { theme } = settings.getState();
    document.documentElement.classList.toggle(
      "dark",
      theme === "dark" || (theme === "system" && prefersDark().matches),
    );
  };
  apply();
  settings.subscribe(apply);
  prefersDark().addEventListener("change", apply);
}
