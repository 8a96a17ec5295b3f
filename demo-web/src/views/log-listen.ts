import { Listen, Track } from '../../entities.ts';
import type { Library } from '../data/library.ts';
import { save } from '../data/save.ts';
import { remember } from '../data/undo-history.ts';
import { notify } from '../ui/notify.ts';
import { explain } from '../ui/problem.tsx';
import { undoable } from '../ui/undo-actions.ts';

/** Notes that a track was listened to just now. */
export async function logListen(library: Library, trackId: number): Promise<void> {
  const em = library.em();
  try {
    const track = await em.findById(Track, trackId);
    if (track === null) return notify('This track is gone.', { variant: 'warning' });
    const listen = em.create(Listen, { listenedAt: new Date(), track });
    await save(em, 'Log a listen');
    const { id } = listen;
    remember({
      label: `Listen of “${track.title}”`,
      inverse: async (undoing) => {
        const now = await undoing.findById(Listen, id);
        if (now) undoing.remove(now);
      },
    });
    undoable(library, `Logged a listen of “${track.title}”.`);
  } catch (error) {
    notify(explain(error), { variant: 'danger' });
  }
}
