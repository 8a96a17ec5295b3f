import { type EntityManager, isIn } from 'meshestra';
import { Album, Artist, Genre, Label, Listen, Playlist, PlaylistEntry, Track } from '../../entities.ts';

type Values<T> = { -readonly [K in keyof T as T[K] extends string | number | Date | null ? K : never]: T[K] };

/** The rows that a removal took away, as plain values, so that they can be put back with the same keys. */
export interface Removed {
  artists: Omit<Values<Artist>, 'version'>[];
  labels: (Omit<Values<Label>, 'version'> & { albumIds: number[] })[];
  genres: (Omit<Values<Genre>, 'version'> & { albumIds: number[] })[];
  albums: (Omit<Values<Album>, 'version'> & { artistId: number; labelId: number | null; genreIds: number[] })[];
  tracks: (Omit<Values<Track>, 'version'> & { albumId: number })[];
  playlists: Omit<Values<Playlist>, 'version'>[];
  entries: (Values<PlaylistEntry> & { playlistId: number; trackId: number })[];
  listens: (Values<Listen> & { trackId: number })[];
}

/** What can be removed, with everything that belongs to it. */
export type Removable = Artist | Label | Genre | Album | Track | Playlist | PlaylistEntry | Listen;

/** Schedules the removal of `entity` and of what cannot be without it, and resolves with all of these rows. */
export async function removeWithDependents(em: EntityManager, entity: Removable): Promise<Removed> {
  const removed = nothingRemoved();
  if (entity instanceof Artist) await removeArtist(em, entity, removed);
  else if (entity instanceof Label) await removeLabel(em, entity, removed);
  else if (entity instanceof Genre) await removeGenre(em, entity, removed);
  else if (entity instanceof Album) await removeAlbums(em, [entity.id], removed);
  else if (entity instanceof Track) await removeTracks(em, await em.find(Track, { id: entity.id }), removed);
  else if (entity instanceof Playlist) await removePlaylist(em, entity, removed);
  else if (entity instanceof PlaylistEntry) removeEntries(em, [entity], removed);
  else removeListens(em, [entity], removed);
  return removed;
}

function nothingRemoved(): Removed {
  return { artists: [], labels: [], genres: [], albums: [], tracks: [], playlists: [], entries: [], listens: [] };
}

async function removeArtist(em: EntityManager, artist: Artist, removed: Removed): Promise<void> {
  const albums = await em.find(Album, { artist });
  await removeAlbums(
    em,
    albums.map((album) => album.id),
    removed,
  );
  const { id, name, country, formed, notes, batch } = artist;
  removed.artists.push({ id, name, country, formed, notes, batch });
  em.remove(artist);
}

async function removeLabel(em: EntityManager, label: Label, removed: Removed): Promise<void> {
  const albums = await em.find(Album, { label });
  for (const album of albums) album.label.set(null);
  const { id, name, country } = label;
  removed.labels.push({ id, name, country, albumIds: albums.map((album) => album.id) });
  em.remove(label);
}

async function removeGenre(em: EntityManager, genre: Genre, removed: Removed): Promise<void> {
  const albums = await genre.albums.load();
  removed.genres.push({ id: genre.id, name: genre.name, albumIds: albums.map((album) => album.id) });
  genre.albums.clear();
  em.remove(genre);
}

async function removeAlbums(em: EntityManager, ids: readonly number[], removed: Removed): Promise<void> {
  const albums = await em.find(Album, { id: isIn(ids) }, { populate: ['genres'] });
  const tracks = await em.find(Track, { album: { id: isIn(ids) } });
  await removeTracks(em, tracks, removed);
  for (const album of albums) {
    const { id, title, year, format, rating, notes, addedAt } = album;
    const genreIds = album.genres.toArray().map((genre) => genre.id);
    const keys = { artistId: album.artist.id, labelId: album.label.id, genreIds };
    removed.albums.push({ id, title, year, format, rating, notes, addedAt, ...keys });
    album.genres.clear();
  }
  em.remove(...albums);
}

async function removeTracks(em: EntityManager, tracks: readonly Track[], removed: Removed): Promise<void> {
  const ids = tracks.map((track) => track.id);
  if (ids.length === 0) return;
  removeEntries(em, await em.find(PlaylistEntry, { track: { id: isIn(ids) } }), removed);
  removeListens(em, await em.find(Listen, { track: { id: isIn(ids) } }), removed);
  for (const track of tracks) {
    const { id, title, position, seconds, rating } = track;
    removed.tracks.push({ id, title, position, seconds, rating, albumId: track.album.id });
  }
  em.remove(...tracks);
}

async function removePlaylist(em: EntityManager, playlist: Playlist, removed: Removed): Promise<void> {
  removeEntries(em, await em.find(PlaylistEntry, { playlist }), removed);
  const { id, name, description, createdAt } = playlist;
  removed.playlists.push({ id, name, description, createdAt });
  em.remove(playlist);
}

function removeEntries(em: EntityManager, entries: readonly PlaylistEntry[], removed: Removed): void {
  for (const { id, position, note, playlist, track } of entries) {
    removed.entries.push({ id, position, note, playlistId: playlist.id, trackId: track.id });
  }
  em.remove(...entries);
}

function removeListens(em: EntityManager, listens: readonly Listen[], removed: Removed): void {
  for (const { id, listenedAt, track } of listens) removed.listens.push({ id, listenedAt, trackId: track.id });
  em.remove(...listens);
}
