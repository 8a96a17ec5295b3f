import type { Library } from '../data/library.ts';
import { createSampleLibrary } from '../data/sample-library.ts';
import { save } from '../data/save.ts';
import { notify } from '../ui/notify.ts';
import { explain } from '../ui/problem.tsx';

/** Fills the library with the invented one, in one commit. */
export async function loadSample(library: Library): Promise<void> {
  const em = library.em();
  try {
    await createSampleLibrary(em);
    await save(em, 'Load the sample library');
    notify('The sample library is on your shelf.', { variant: 'success' });
  } catch (error) {
    notify(explain(error), { variant: 'danger' });
  }
}
