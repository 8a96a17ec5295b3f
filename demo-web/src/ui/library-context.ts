import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Library } from '../data/library.ts';

/** Hands the open database to every view. */
export const LibraryContext = createContext<Library | null>(null);

/** The open database. */
export function useLibrary(): Library {
  const library = useContext(LibraryContext);
  if (library === null) throw new Error('This part of the app is drawn before the library is open.');
  return library;
}
