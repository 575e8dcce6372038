// Runs before the first paint, so that a chosen theme never flashes. A file of its own because the page's
// Content-Security-Policy allows no inline scripts.
const chosen = localStorage.getItem("funcchat.theme");
if (chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches)) {
  document.documentElement.classList.add("dark");
}
