import type { Library } from '../data/library.ts';
import { undo, undoSteps } from '../data/undo-history.ts';
import { notify } from './notify.ts';
import { explain } from './problem.tsx';

/** Tells that something was saved, with a button that undoes just this. */
export function undoable(library: Library, message: string): void {
  const step = undoSteps.get()[0];
  notify(message, { variant: 'success', action: { label: 'Undo', run: () => void undoWithNotice(library, step) } });
}

/** Undoes a step, the newest if none is named, and tells how it went. */
export async function undoWithNotice(library: Library, step = undoSteps.get()[0]): Promise<void> {
  try {
    const label = await undo(library, step);
    notify(label === null ? 'There is nothing to undo.' : `Undone: ${label}.`);
  } catch (error) {
    notify(`Not undone. ${explain(error)}`, { variant: 'warning' });
  }
}
