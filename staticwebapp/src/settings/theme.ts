import { settings } from "./settings";

const prefersDark = () => matchMedia("(prefers-color-scheme: dark)");

/** Keeps the page dark or light, as the person or else the system says. theme.js did it for the first paint. */
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
