import { PlaylistEntry } from '../../entities.ts';
import type { Library } from './library.ts';
import { save } from './save.ts';
import { remember, UndoRefused } from './undo-history.ts';

/**
 * Moves an entry by one place within its playlist: the two entries swap their positions in one flush. Resolves with
 * whether there was a place to move to.
 */
export async function moveEntry(library: Library, entryId: number, step: -1 | 1): Promise<boolean> {
  const swapped = await swap(library, entryId, step);
  if (swapped === null) return false;
  await save(swapped.em, 'Move within playlist');
  remember({
    label: 'Move within a playlist',
    inverse: async (em) => {
      const entry = await em.findById(PlaylistEntry, entryId);
      const other = await em.findById(PlaylistEntry, swapped.otherId);
      if (!entry || !other) throw new UndoRefused('One of the entries is gone.');
      [entry.position, other.position] = [other.position, entry.position];
    },
  });
  return true;
}

async function swap(library: Library, entryId: number, step: -1 | 1) {
  const em = library.em();
  const entry = await em.findById(PlaylistEntry, entryId);
  if (entry === null) return null;
  const all = await em.find(
    PlaylistEntry,
    { playlist: entry.playlist.id },
    { orderBy: [{ position: 'asc' }, { id: 'asc' }] },
  );
  const other = all[all.indexOf(entry) + step];
  if (other === undefined) return null;
  [entry.position, other.position] = [other.position, entry.position];
  return { em, otherId: other.id };
}
