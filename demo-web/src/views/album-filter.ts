import { and, contains, or, some, type Where } from 'meshestra';
import type { Album, Artist, Genre } from '../../entities.ts';

/** What narrows a list of albums. */
export interface AlbumFilter {
  readonly search: string;
  readonly genre: number | null;
  readonly label: number | null;
}

/** The filter as criteria; undefined where it lets everything through. */
export function albumCriteria({ search, genre, label }: AlbumFilter): Where<Album> | undefined {
  const all: Where<Album>[] = [];
  if (search !== '') {
    const artist: Where<Artist> = { name: contains(search) };
    all.push(or<Album>({ title: contains(search) }, { artist }));
  }
  if (genre !== null) all.push({ genres: some<Genre>({ id: genre }) });
  if (label !== null) all.push({ label });
  return all.length === 0 ? undefined : and<Album>(...all);
}

/** A key of the address, or null where there is none or it is no key. */
export function keyOf(text: string | null): number | null {
  const key = Number(text ?? '');
  return text !== null && text !== '' && Number.isSafeInteger(key) ? key : null;
}
