// Lets the page open without a network: its files are kept, the API is never touched.
/* global FILES, VERSION */

/** How long the network may take before the stored copy is used. */
const networkMs = 4_000;

const cacheName = `funcchat-${VERSION}`;

self.addEventListener("install", (event) => {
  // A newer version waits until the pages of this one are closed, which may still load parts from its cache.
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(FILES)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("funcchat-") && name !== cacheName) {
          await caches.delete(name);
        }
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) {
    return;
  }
  if (url.pathname.startsWith("/assets/")) {
    event.respondWith(fromCache(request));
  } else if (
    request.mode === "navigate" &&
    !url.pathname.startsWith("/api/") &&
    !url.pathname.startsWith("/sandbox/")
  ) {
    event.respondWith(fromNetwork(request, "/"));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(fromNetwork(request, request));
  }
});

self.addEventListener("notificationclick", (event) => {
  const { address } = event.notification.data;
  event.notification.close();
  event.waitUntil(
    (async () => {
      const [page] = await self.clients.matchAll({ type: "window" });
      if (page === undefined) {
        await self.clients.openWindow(address);
      } else {
        await page.focus();
        await page.navigate(address); // the same page with another hash: nothing is loaded again
      }
    })(),
  );
});

/** The network's response, or the stored copy where it does not come soon or only a gateway responds. */
async function fromNetwork(request, stored) {
  const copy = caches.match(stored);
  const response = fetch(request).catch(() => undefined);
  const late = new Promise((resolve) => setTimeout(resolve, networkMs));
  const first = await Promise.race([response, late]);
  if (first !== undefined && ![502, 503, 504].includes(first.status)) {
    return first;
  }
  return (await copy) ?? (await response) ?? Response.error();
}

/** Files in /assets never change under their name. */
async function fromCache(request) {
  const known = await caches.match(request);
  if (known !== undefined) {
    return known;
  }
  const response = await fetch(request);
  if (response.ok) {
    const cache = await caches.open(cacheName);
    await cache.put(request, response.clone());
  }
  return response;
}
