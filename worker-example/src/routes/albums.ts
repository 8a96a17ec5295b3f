import { Hono } from 'hono';
import { and, contains, type EntityManager, gte, isIn, lte, some, type Where } from 'meshestra';
import type * as z from 'zod';
import { Album, Artist, Genre, Label, Track } from '../../../demo-web/entities.ts';
import type { Environment } from '../environment.ts';
import { answerPage, oneMore } from '../listed.ts';
import { type InvalidPart, Problem } from '../problem.ts';
import { allow } from '../roles.ts';
import { AlbumChange, AlbumQuery, NewAlbum } from '../schemas/music.ts';
import { RemovedVersion } from '../schemas/page.ts';
import { showAlbum, showAlbumGraph } from '../shown.ts';
import { jsonOnly, validated } from '../validated.ts';

const ID = '/:id{[1-9][0-9]{0,14}}';

/** Albums, with what belongs to them. */
export const albums = new Hono<Environment>()
  // One request to the database, the artists, labels and genres of the page included.
  .get('/', allow('reader'), validated('query', AlbumQuery), async (c) => {
    const query = c.req.valid('query');
    const found = await c.get('em').find(Album, albumsOf(query), {
      ...oneMore(query),
      orderBy: [orderOf(query.sort), { id: 'asc' }],
      populate: ['artist', 'label', 'genres'],
    });
    return answerPage(c, query, found.map(showAlbum));
  })
  // One request for the whole graph.
  .get(ID, allow('reader'), async (c) => {
    const populate = ['artist', 'label', 'genres', 'tracks'] as const;
    const album = await c.get('em').findById(Album, Number(c.req.param('id')), { populate });
    if (album === null) throw new Problem('not-found');
    return c.json(showAlbumGraph(album));
  })
  // One request, all or nothing, with the keys that the database makes; one before it for genres that are named by key.
  .post('/', allow('editor'), jsonOnly, validated('json', NewAlbum), async (c) => {
    const em = c.get('em');
    const album = await createAlbum(em, c.req.valid('json'));
    await em.flush();
    const { id, version } = album;
    return c.json({ id, version }, 201, { location: `/api/albums/${id}` });
  })
  .patch(ID, allow('editor'), jsonOnly, validated('json', AlbumChange), async (c) => {
    const em = c.get('em');
    const { genres: keys, ...change } = c.req.valid('json');
    const id = Number(c.req.param('id'));
    const album = await em.findById(Album, id, { populate: ['genres'] });
    if (album === null) throw new Problem('not-found');
    // Stale where the version is not the row's; what becomes of the row after this read is guarded by the flush.
    await em.merge(Album, { id, ...change });
    if (keys !== undefined) album.genres.set(await genresByKey(em, keys));
    await em.flush();
    return c.json({ id, version: album.version });
  })
  .delete(ID, allow('admin'), validated('query', RemovedVersion), async (c) => {
    const em = c.get('em');
    const id = Number(c.req.param('id'));
    const album = await em.findById(Album, id, { populate: ['tracks.entries', 'tracks.listens'] });
    if (album === null) throw new Problem('not-found');
    await em.merge(Album, { id, version: c.req.valid('query').version });
    // What cannot be without it goes along, in the same request.
    for (const track of album.tracks) em.remove(...track.entries, ...track.listens, track);
    em.remove(album);
    await em.flush();
    return c.body(null, 204);
  });

function albumsOf({ title, genre, artist, format, from, to, rating }: z.infer<typeof AlbumQuery>): Where<Album> {
  const conditions: Where<Album>[] = [];
  if (title !== undefined) conditions.push({ title: contains(title) });
  if (genre !== undefined) conditions.push({ genres: some<Genre>({ name: genre }) });
  if (artist !== undefined) conditions.push({ artist });
  if (format !== undefined) conditions.push({ format });
  if (from !== undefined) conditions.push({ year: gte(from) });
  if (to !== undefined) conditions.push({ year: lte(to) });
  if (rating !== undefined) conditions.push({ rating: gte(rating) });
  return and(...conditions);
}

function orderOf(sort: z.infer<typeof AlbumQuery>['sort']) {
  const property = sort.replace('-', '') as 'title' | 'year' | 'rating' | 'addedAt';
  return { [property]: sort.startsWith('-') ? 'desc' : 'asc' } as const;
}

async function createAlbum(em: EntityManager, body: z.infer<typeof NewAlbum>): Promise<Album> {
  const { artist, label, genres, tracks, ...values } = body;
  const known = await genresByKey(
    em,
    genres.filter((genre) => typeof genre === 'number'),
  );
  const fresh = genres.flatMap((genre) => (typeof genre === 'number' ? [] : [em.create(Genre, genre)]));
  const album = em.create(Album, {
    ...values,
    artist: typeof artist === 'number' ? artist : em.create(Artist, artist),
    label: typeof label === 'object' && label !== null ? em.create(Label, label) : (label ?? null),
    genres: [...known, ...fresh],
  });
  for (const [index, track] of tracks.entries()) em.create(Track, { ...track, album, position: index + 1 });
  return album;
}

/** A link needs its genres in memory; and so what is not there can be told by its place. */
async function genresByKey(em: EntityManager, keys: readonly number[]): Promise<Genre[]> {
  if (keys.length === 0) return [];
  const found = await em.find(Genre, { id: isIn(keys) });
  const missing = keys.filter((key) => !found.some(({ id }) => id === key));
  const errors = missing.map((key): InvalidPart => ({ pointer: '#/genres', detail: `there is no genre ${key}` }));
  if (errors.length > 0) throw new Problem('refers-to-nothing', { errors });
  return found;
}
