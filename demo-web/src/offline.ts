import { notify } from './ui/notify.ts';

/** Installs the worker that lets the app open without a network, and offers to reload when a newer build is ready. */
export async function installServiceWorker(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register('service-worker.js');
    registration.addEventListener('updatefound', () => watch(registration.installing));
  } catch (error) {
    // The app works without it, only not offline, and the user is told so.
    notify(`This browser will not open the app offline: ${String(error)}`, { variant: 'warning' });
  }
}

function watch(worker: ServiceWorker | null): void {
  worker?.addEventListener('statechange', () => {
    // The first install has nobody to replace.
    if (worker.state !== 'installed' || !navigator.serviceWorker.controller) return;
    notify('A newer version of the app is ready.', { action: { label: 'Reload', run: () => takeOver(worker) } });
  });
}

function takeOver(worker: ServiceWorker): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  worker.postMessage('take-over');
}
