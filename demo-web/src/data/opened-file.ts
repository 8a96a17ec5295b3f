import { createStore } from '../ui/store.ts';
import type { OpenFile } from './file-inspection.ts';

/** The foreign file that is open in the table browser of this tab, or null. */
export const openedFile = createStore<{ readonly name: string; readonly file: OpenFile } | null>(null);

/** Shows a file in the table browser; the one before it is closed. */
export async function showFile(name: string, file: OpenFile): Promise<void> {
  const before = openedFile.get();
  openedFile.set({ name, file });
  await before?.file.close();
}

/** Closes the file in the table browser. */
export async function closeFile(): Promise<void> {
  const before = openedFile.get();
  openedFile.set(null);
  await before?.file.close();
}
