import { type EntityClass, type EntityManager, isIn } from 'meshestra';
import { Album, Artist, Genre, Label, Listen, Playlist, PlaylistEntry, Track } from '../../entities.ts';
import type { Removed } from './removal.ts';
import { UndoRefused } from './undo-history.ts';

/** Schedules the return of removed rows with their old keys. What they refer to must still be there. */
export async function restore(em: EntityManager, removed: Removed): Promise<void> {
  const artists = await byKey(
    em,
    Artist,
    removed.albums.map((row) => row.artistId),
  );
  for (const row of removed.artists) artists.set(row.id, em.create(Artist, row));
  const albums = await restoreAlbums(em, removed, artists);
  const tracks = await byKey(
    em,
    Track,
    [...removed.entries, ...removed.listens].map((row) => row.trackId),
  );
  for (const { albumId, ...row } of removed.tracks) {
    const album = albums.get(albumId) ?? need(await em.findById(Album, albumId), 'The album');
    tracks.set(row.id, em.create(Track, { ...row, album }));
  }
  const playlists = await byKey(
    em,
    Playlist,
    removed.entries.map((row) => row.playlistId),
  );
  for (const row of removed.playlists) playlists.set(row.id, em.create(Playlist, row));
  for (const { playlistId, trackId, ...row } of removed.entries) {
    const playlist = need(playlists.get(playlistId), 'The playlist');
    em.create(PlaylistEntry, { ...row, playlist, track: need(tracks.get(trackId), 'The track') });
  }
  for (const { trackId, ...row } of removed.listens) {
    em.create(Listen, { ...row, track: need(tracks.get(trackId), 'The track') });
  }
  await restoreLabelsAndGenres(em, removed);
}

async function restoreAlbums(em: EntityManager, removed: Removed, artists: Map<number, Artist>) {
  const labelIds = removed.albums.flatMap((row) => (row.labelId === null ? [] : [row.labelId]));
  const labels = await byKey(em, Label, labelIds);
  const genres = await byKey(
    em,
    Genre,
    removed.albums.flatMap((row) => row.genreIds),
  );
  const albums = new Map<number, Album>();
  for (const { artistId, labelId, genreIds, ...row } of removed.albums) {
    const artist = need(artists.get(artistId), 'The artist');
    // A label or genre that is gone meanwhile was only a property of the album, so the album returns without it.
    const label = labelId === null ? null : (labels.get(labelId) ?? null);
    const known = genreIds.flatMap((id) => genres.get(id) ?? []);
    albums.set(row.id, em.create(Album, { ...row, artist, label, genres: known }));
  }
  return albums;
}

async function restoreLabelsAndGenres(em: EntityManager, removed: Removed): Promise<void> {
  for (const { albumIds, ...row } of removed.labels) {
    const label = em.create(Label, row);
    for (const album of (await byKey(em, Album, albumIds)).values()) album.label.set(label);
  }
  for (const { albumIds, ...row } of removed.genres) {
    const genre = em.create(Genre, row);
    for (const album of (await byKey(em, Album, albumIds)).values()) album.genres.add(genre);
  }
}

async function byKey<T extends { id: number }>(em: EntityManager, cls: EntityClass<T>, ids: readonly number[]) {
  const found = new Map<number, T>();
  if (ids.length === 0) return found;
  const where = { id: isIn([...new Set(ids)]) } as unknown as Parameters<typeof em.find<T>>[1];
  for (const entity of await em.find(cls, where)) found.set(entity.id, entity);
  return found;
}

function need<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new UndoRefused(`${what} it belonged to is gone by now.`);
  return value;
}
