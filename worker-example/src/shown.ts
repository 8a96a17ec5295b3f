import type { Loaded } from 'meshestra';
import type { Album, Artist, Genre, Track } from '../../demo-web/entities.ts';

/** How an artist is shown. */
export const showArtist = ({ id, name, country, formed, notes, version }: Artist) => ({
  id,
  name,
  country,
  formed,
  notes,
  version,
});

/** How an artist is shown with the albums. */
export const showArtistGraph = (artist: Loaded<Artist, 'albums.genres'>) => ({
  ...showArtist(artist),
  albums: artist.albums.toArray().map(({ id, title, year, genres }) => ({
    id,
    title,
    year,
    genres: genres.toArray().map(({ name }) => name),
  })),
});

/** How a genre is shown. */
export const showGenre = ({ id, name, version }: Genre) => ({ id, name, version });

/** How an album is shown in a list. */
export const showAlbum = (album: Loaded<Album, 'artist' | 'label' | 'genres'>) => ({
  id: album.id,
  title: album.title,
  year: album.year,
  format: album.format,
  rating: album.rating,
  notes: album.notes,
  addedAt: album.addedAt.toISOString(),
  version: album.version,
  artist: showReference(album.artist.get()),
  label: showReference(album.label.get()),
  genres: album.genres.toArray().map(showReference),
});

/** How an album is shown with its tracks. */
export const showAlbumGraph = (album: Loaded<Album, 'artist' | 'label' | 'genres' | 'tracks'>) => ({
  ...showAlbum(album),
  tracks: album.tracks
    .toArray()
    .sort((a, b) => a.position - b.position)
    .map(showTrack),
});

const showTrack = ({ id, title, position, seconds, rating }: Track) => ({ id, title, position, seconds, rating });

function showReference<T extends { readonly id: number; readonly name: string } | null>(entity: T) {
  return entity === null ? null : { id: entity.id, name: entity.name };
}
