/**
 * Keeps one whole build of the app for use without a network: every file of the build is stored when this worker is
 * installed, and answered from that store afterwards. A new build is a new store, so files of two builds never mix.
 */
declare const self: ServiceWorkerGlobalScope;
/** Put here by build.mjs: the hash of the build, and its files relative to this worker. */
declare const BUILD: { readonly id: string; readonly files: readonly string[] };

const PREFIX = 'liner-notes-';
const STORE = PREFIX + BUILD.id;

self.addEventListener('install', (event) => {
  event.waitUntil(storeBuild());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOtherBuilds());
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  event.respondWith(answer(event.request));
});

// A page asks a waiting worker to take over once the user agreed to reload.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') event.waitUntil(self.skipWaiting());
});

async function storeBuild(): Promise<void> {
  const cache = await caches.open(STORE);
  // `reload` goes past the HTTP cache, which may still hold a file of the build before.
  await cache.addAll(BUILD.files.map((file) => new Request(file, { cache: 'reload' })));
}

async function dropOtherBuilds(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== STORE).map((name) => caches.delete(name)),
  );
  await self.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(STORE);
  // Every address of the app is the one page, whose views are chosen by the fragment.
  const stored = await cache.match(request.mode === 'navigate' ? './' : request, { ignoreSearch: true });
  return stored ?? fetch(request);
}
