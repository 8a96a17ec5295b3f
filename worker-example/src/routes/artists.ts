import { Hono } from 'hono';
import { contains } from 'meshestra';
import { Artist } from '../../../demo-web/entities.ts';
import type { Environment } from '../environment.ts';
import { answerPage, oneMore } from '../listed.ts';
import { Problem } from '../problem.ts';
import { allow } from '../roles.ts';
import { ArtistChange, NameQuery, NewArtist } from '../schemas/music.ts';
import { RemovedVersion } from '../schemas/page.ts';
import { showArtist, showArtistGraph } from '../shown.ts';
import { jsonOnly, validated } from '../validated.ts';

const ID = '/:id{[1-9][0-9]{0,14}}';

/** Artists. */
export const artists = new Hono<Environment>()
  .get('/', allow('reader'), validated('query', NameQuery), async (c) => {
    const { name, ...page } = c.req.valid('query');
    const where = name === undefined ? {} : { name: contains(name) };
    const found = await c.get('em').find(Artist, where, { ...oneMore(page), orderBy: { name: 'asc', id: 'asc' } });
    return answerPage(c, page, found.map(showArtist));
  })
  .get(ID, allow('reader'), async (c) => {
    const artist = await c.get('em').findById(Artist, Number(c.req.param('id')), { populate: ['albums.genres'] });
    if (artist === null) throw new Problem('not-found');
    return c.json(showArtistGraph(artist));
  })
  .post('/', allow('editor'), jsonOnly, validated('json', NewArtist), async (c) => {
    const em = c.get('em');
    const artist = em.create(Artist, c.req.valid('json'));
    await em.flush();
    const { id, version } = artist;
    return c.json({ id, version }, 201, { location: `/api/artists/${id}` });
  })
  .patch(ID, allow('editor'), jsonOnly, validated('json', ArtistChange), async (c) => {
    const em = c.get('em');
    const id = Number(c.req.param('id'));
    const artist = await em.findById(Artist, id);
    if (artist === null) throw new Problem('not-found');
    await em.merge(Artist, { id, ...c.req.valid('json') });
    await em.flush();
    return c.json({ id, version: artist.version });
  })
  // Refused by the database as long as there are albums.
  .delete(ID, allow('admin'), validated('query', RemovedVersion), async (c) => {
    const em = c.get('em');
    const id = Number(c.req.param('id'));
    const artist = await em.findById(Artist, id);
    if (artist === null) throw new Problem('not-found');
    em.remove(await em.merge(Artist, { id, version: c.req.valid('query').version }));
    await em.flush();
    return c.body(null, 204);
  });
