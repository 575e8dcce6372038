// Lets the page open without a network: its files are kept, the API is never touched.
/* global FILES, VERSION */

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
    event.respondWith(fetch(request).catch(() => caches.match("/")));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
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
