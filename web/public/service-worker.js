// Keeps the client itself on this device, so that it also starts without a network. It never touches what the API says.

// The build puts in what there is, and a version that changes with any of it (scripts/web/service-worker.ts).
const FILES = ["/"];
const VERSION = "development";

const PREFIX = "dailyfeed-";
const CACHE = PREFIX + VERSION;
const HASHED = "/assets/";
/** Addresses of the gateway's own. */
const NOT_OURS = /^\/(api|api-docs|docs|healthcheck)(\/|\.|$)/i;

self.addEventListener("install", (event) => {
  // Where the browser can, calls of the API don't even wait for this worker to wake up.
  event.addRoutes?.({ condition: { urlPattern: "/api/*" }, source: "network" });
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(PREFIX) && name !== CACHE))
      .then((old) => Promise.all(old.map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin || NOT_OURS.test(pathname)) return;
  const kept = (what) => caches.match(what, { cacheName: CACHE, ignoreVary: true });
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(async () => (await kept("/")) ?? Response.error()));
  } else if (pathname.startsWith(HASHED)) {
    event.respondWith(kept(request).then((found) => found ?? fetch(request)));
  } else if (FILES.includes(pathname)) {
    event.respondWith(fetch(request).catch(async () => (await kept(request)) ?? Response.error()));
  }
});
