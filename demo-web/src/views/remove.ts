import type { EntityClass } from 'meshestra';
import type { Library } from '../data/library.ts';
import { type Removable, removeWithDependents } from '../data/removal.ts';
import { restore } from '../data/restoration.ts';
import { save } from '../data/save.ts';
import { remember } from '../data/undo-history.ts';
import { notify } from '../ui/notify.ts';
import { explain } from '../ui/problem.tsx';
import { undoable } from '../ui/undo-actions.ts';

/**
 * Removes an entity with all that belongs to it, in one commit, and offers to undo it: nobody is asked beforehand,
 * because nothing is lost. Resolves with whether it was removed.
 */
export async function removeWithUndo<T extends Removable>(
  library: Library,
  cls: EntityClass<T>,
  id: number,
  what: string,
): Promise<boolean> {
  const em = library.em();
  try {
    const entity = await em.findById(cls as EntityClass<Removable>, id);
    if (entity === null) return false;
    const removed = await removeWithDependents(em, entity);
    await save(em, `Remove ${what}`);
    remember({ label: `Removal of ${what}`, inverse: (undoing) => restore(undoing, removed) });
    undoable(library, `Removed ${what}.`);
    return true;
  } catch (error) {
    notify(`Not removed. ${explain(error)}`, { variant: 'danger' });
    return false;
  }
}
