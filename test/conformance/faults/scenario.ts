import type { EntityManager } from '../../../src/index.ts';
import type { Limits } from '../../../src/wire/limits.ts';

/** Makes edits by hand of an EntityManager, and gives the entities whose memory is watched from then on. */
export type Edit = (em: EntityManager) => Promise<readonly object[]> | readonly object[];

/** Makes the next edit, unless it was made in an earlier attempt. */
export type NextEdit = (em: EntityManager) => Promise<void>;

/** Edits, and how they are written. */
export interface Scenario {
  /** The edits of one run. The first is made before the write begins; it alone may read. */
  edits(): readonly Edit[];
  /** Writes, and makes the other edits in between. */
  write(em: EntityManager, next: NextEdit, limits: Limits): Promise<void>;
}

/** Scenarios by name. */
export type Scenarios = Readonly<Record<string, Scenario>>;

/** Edits that one flush writes. */
export function flushed(edit: Edit): Scenario {
  return { edits: () => [edit], write: (em, _next, limits) => em.flush(limits) };
}

/** The one entity that is meant. */
export function only<T>(found: readonly T[]): T {
  const [entity] = found;
  if (entity === undefined || found.length > 1) throw new Error(`one was expected, ${found.length} were found`);
  return entity;
}
