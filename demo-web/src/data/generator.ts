import { type EntityManager, sql } from 'meshestra';
import { Album, Artist, FORMATS, Genre, Listen, Track } from '../../entities.ts';
import { createStore } from '../ui/store.ts';
import { makeAlbumTitle, makeArtistName, makeTrackTitle, type Random, seededRandom } from './invented-names.ts';
import type { Library } from './library.ts';
import { timed } from './save.ts';

/** How a run of the generator stands. */
export interface GeneratorRun {
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly done: number;
  readonly total: number;
  readonly ms: number;
  readonly error?: unknown;
}

/** The newest run in this tab, or null. */
export const generatorRun = createStore<GeneratorRun | null>(null);

/** One artist with 2 albums, a genre for each, 9 tracks on each, and 2 listens: so many rows. */
const ROWS_PER_ARTIST = 25;
const GENRES = ['Ambient', 'Electronic', 'Folk', 'Funk', 'Indie rock', 'Jazz', 'Post-rock', 'Soul', 'Techno'];

/**
 * Adds `total` rows (a multiple of 25) to the library, in commits of at most 5,000 rows, so that the page stays
 * responsive and a cancelled run keeps what was committed. Follow it in {@link generatorRun}.
 */
export async function generate(library: Library, total: number, signal: AbortSignal): Promise<void> {
  const start = performance.now();
  const report = (state: GeneratorRun['state'], done: number, error?: unknown) =>
    generatorRun.set({ state, done, total, ms: performance.now() - start, ...(error === undefined ? {} : { error }) });
  let done = 0;
  report('running', 0);
  try {
    const genreIds = await ensureGenres(library);
    const random = seededRandom(Date.now() >>> 0);
    const batch = `generated ${new Date().toISOString()}`;
    const step = Math.min(5_000, Math.ceil(total / 20 / ROWS_PER_ARTIST) * ROWS_PER_ARTIST);
    while (done < total && !signal.aborted) {
      const rows = Math.min(step, total - done);
      await timed(`Generate ${rows} rows`, () => addRows(library, rows, batch, genreIds, random));
      done += rows;
      report('running', done);
    }
    report(done < total ? 'cancelled' : 'done', done);
  } catch (error) {
    report('failed', done, error);
  }
}

/** How many artists the generator made. */
export async function countGenerated(em: EntityManager): Promise<number> {
  const { rows } = await em.execute(sql`SELECT count(*) FROM artists WHERE batch IS NOT NULL`);
  return Number(rows[0]?.[0] ?? 0);
}

/** Removes everything the generator made, and what was added to it since, as one transaction. */
export async function removeGenerated(library: Library): Promise<void> {
  await timed('Remove generated rows', () =>
    library.transaction(async (tx) => {
      await tx.execute(
        sql`DELETE FROM listens WHERE track_id IN (SELECT tracks.id FROM tracks JOIN albums ON albums.id = tracks.album_id JOIN artists ON artists.id = albums.artist_id WHERE artists.batch IS NOT NULL)`,
      );
      await tx.execute(
        sql`DELETE FROM playlist_entries WHERE track_id IN (SELECT tracks.id FROM tracks JOIN albums ON albums.id = tracks.album_id JOIN artists ON artists.id = albums.artist_id WHERE artists.batch IS NOT NULL)`,
      );
      await tx.execute(
        sql`DELETE FROM tracks WHERE album_id IN (SELECT albums.id FROM albums JOIN artists ON artists.id = albums.artist_id WHERE artists.batch IS NOT NULL)`,
      );
      await tx.execute(
        sql`DELETE FROM album_genres WHERE albums_id IN (SELECT albums.id FROM albums JOIN artists ON artists.id = albums.artist_id WHERE artists.batch IS NOT NULL)`,
      );
      await tx.execute(sql`DELETE FROM albums WHERE artist_id IN (SELECT id FROM artists WHERE batch IS NOT NULL)`);
      await tx.execute(sql`DELETE FROM artists WHERE batch IS NOT NULL`);
    }),
  );
}

async function ensureGenres(library: Library): Promise<readonly number[]> {
  const em = library.em();
  const known = new Set((await em.find(Genre)).map((genre) => genre.name));
  for (const name of GENRES) if (!known.has(name)) em.create(Genre, { name });
  await em.flush();
  return (await em.find(Genre)).map((genre) => genre.id);
}

async function addRows(
  library: Library,
  rows: number,
  batch: string,
  genreIds: readonly number[],
  random: Random,
): Promise<void> {
  // A unit of work for each commit: what was written is not kept in memory.
  const em = library.em();
  const genres = await em.find(Genre);
  const usable = genres.filter((genre) => genreIds.includes(genre.id));
  for (let added = 0; added < rows; added += ROWS_PER_ARTIST) addArtist(em, batch, usable, random);
  await em.flush();
}

function addArtist(em: EntityManager, batch: string, genres: readonly Genre[], random: Random): void {
  const formed = 1950 + random(70);
  const artist = em.create(Artist, { name: makeArtistName(random), formed, batch });
  for (let album = 0; album < 2; album++) {
    const tracks = addAlbum(em, artist, formed + 1 + random(12), genres[random(genres.length)], random);
    const heard = tracks[random(tracks.length)];
    const listenedAt = new Date(Date.now() - random(400 * 24 * 3600) * 1000);
    if (heard) em.create(Listen, { listenedAt, track: heard });
  }
}

function addAlbum(em: EntityManager, artist: Artist, year: number, genre: Genre | undefined, random: Random): Track[] {
  const album = em.create(Album, {
    title: makeAlbumTitle(random),
    year,
    format: FORMATS[random(FORMATS.length)] ?? 'LP',
    rating: random(3) === 0 ? null : 1 + random(5),
    artist,
    genres: genre ? [genre] : [],
  });
  return Array.from({ length: 9 }, (_, index) =>
    em.create(Track, { title: makeTrackTitle(random), position: index + 1, seconds: 90 + random(400), album }),
  );
}
