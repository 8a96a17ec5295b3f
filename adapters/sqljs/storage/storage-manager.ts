/** Whether the browser has promised to keep this origin's storage; false where it cannot be asked. */
export async function isPersisted(): Promise<boolean> {
  return (await manager()?.persisted?.()) ?? false;
}

/** Asks for that promise. Firefox asks the user, and answers only when they did. */
export async function requestPersistence(): Promise<boolean> {
  return (await manager()?.persist?.()) ?? false;
}

/** What the browser tells about this origin's storage. */
export async function usage(): Promise<{ readonly usage?: number; readonly quota?: number }> {
  const estimate = await manager()?.estimate?.();
  return {
    ...(estimate?.usage === undefined ? {} : { usage: estimate.usage }),
    ...(estimate?.quota === undefined ? {} : { quota: estimate.quota }),
  };
}

// Absent in Node, and on pages that are not served over HTTPS or from localhost.
function manager(): Partial<StorageManager> | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.storage;
}
