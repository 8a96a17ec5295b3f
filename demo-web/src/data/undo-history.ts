import type { EntityManager } from 'meshestra';
import { createStore } from '../ui/store.ts';
import type { Library } from './library.ts';
import { save } from './save.ts';

/** The inverse of something that was saved. */
export interface UndoStep {
  /** What was done, such as `Edited album “Blue Hour”`. */
  readonly label: string;
  /** Puts the inverse change into a fresh unit of work; the history flushes it. Throws where it no longer fits. */
  inverse(em: EntityManager): Promise<void>;
}

/** An undo that would overwrite something newer, and was therefore not done. */
export class UndoRefused extends Error {}

const KEPT = 50;

/** What can be undone in this tab, newest first. */
export const undoSteps = createStore<readonly UndoStep[]>([]);

/** Notes the inverse of something that was just saved. */
export function remember(step: UndoStep): void {
  undoSteps.set([step, ...undoSteps.get()].slice(0, KEPT));
}

/** Forgets every step, because the data they belong to was replaced. */
export function forgetAll(): void {
  undoSteps.set([]);
}

/**
 * Undoes one step, the newest if none is named, as a new commit, and resolves with its label (null where there was
 * none). Rejects with {@link UndoRefused}, or with what the flush failed with; the step is gone either way, because the
 * data moved on.
 */
export async function undo(library: Library, step = undoSteps.get()[0]): Promise<string | null> {
  if (step === undefined || !undoSteps.get().includes(step)) return null;
  undoSteps.set(undoSteps.get().filter((other) => other !== step));
  const em = library.em();
  await step.inverse(em);
  await save(em, `Undo: ${step.label}`);
  return step.label;
}
