/** Tells listeners one after the other. What one throws is its own affair: the work that raised the event goes on. */
export function tellAll<E>(listeners: Iterable<(event: E) => void>, event: E): void {
  for (const listener of listeners) {
    try {
      listener(event);
    } catch {
      // A persistence object tells its own `onListenerError`; a listener of the driver itself has nobody to tell.
    }
  }
}
