/** What is called with an event. */
export type Listener = (event: never) => unknown;

/** Listeners by the name of the event, in the order in which they came; a name without any has no entry. */
export type Listeners = Map<string, Set<Listener>>;

/** Adds a listener; gives the function that takes it away again. */
export function subscribe(listeners: Listeners, event: string, listener: Listener): () => void {
  const own: Listener = (value) => listener(value);
  listeners.set(event, (listeners.get(event) ?? new Set()).add(own));
  return () => {
    const set = listeners.get(event);
    if (set?.delete(own) && set.size === 0) listeners.delete(event);
  };
}
