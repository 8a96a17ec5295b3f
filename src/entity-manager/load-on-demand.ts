import type { onDemand } from './on-demand.ts';

/** Loads what only some programs ask for, the first time that one does. */
export async function loadOnDemand(): Promise<typeof onDemand> {
  return (await import('./on-demand.ts')).onDemand;
}
