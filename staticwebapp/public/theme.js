// Runs before the first paint, so that a chosen theme never flashes. A file of its own because the page's
// Content-Security-Policy allows no inline scripts.
let chosen = null;
try {
  chosen = localStorage.getItem("funcchat.theme");
} catch {
  // A browser that refuses storage has no choice to apply.
}
if (chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)) {
  document.documentElement.classList.add("dark");
}
