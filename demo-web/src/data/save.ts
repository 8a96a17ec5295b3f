import type { EntityManager } from 'meshestra';
import { createStore } from '../ui/store.ts';

/** One commit as the user felt it: from the call until the data was stored. */
export interface Commit {
  readonly label: string;
  readonly ms: number;
  readonly at: Date;
}

const KEPT = 200;

/** The newest commits of this tab, newest first. */
export const commits = createStore<readonly Commit[]>([]);

/** Writes what `em` holds, as one commit, and notes what it cost. */
export async function save(em: EntityManager, label: string): Promise<void> {
  await timed(label, () => em.flush());
}

/** Runs `work`, which commits once, and notes what it cost. */
export async function timed<R>(label: string, work: () => Promise<R>): Promise<R> {
  const start = performance.now();
  const result = await work();
  const commit = { label, ms: performance.now() - start, at: new Date() };
  commits.set([commit, ...commits.get()].slice(0, KEPT));
  return result;
}
