// Runs before the first paint, so that a chosen theme never flashes. The Content-Security-Policy allows no inline scripts.
let chosen = null;
try {
  chosen = localStorage.getItem("funcchat.theme");
} catch {
  // The browser refuses storage.
}
if (chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)) {
  document.documentElement.classList.add("dark");
}
