/** Lets the page open without a network. The development server has no files to keep. */
export function installServiceWorker(): void {
  if (import.meta.env.PROD && "serviceWorker" in navigator) {
    // A browser that refuses it, as in a private window, only needs the network.
    navigator.serviceWorker.register("/service-worker.js").catch(() => {});
  }
}
