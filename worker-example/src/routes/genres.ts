import { Hono } from 'hono';
import { contains } from 'meshestra';
import { Genre } from '../../../demo-web/entities.ts';
import type { Environment } from '../environment.ts';
import { answerPage, oneMore } from '../listed.ts';
import { allow } from '../roles.ts';
import { NameQuery, NewGenre } from '../schemas/music.ts';
import { showGenre } from '../shown.ts';
import { jsonOnly, validated } from '../validated.ts';

/** Genres, whose names are unique. */
export const genres = new Hono<Environment>()
  .get('/', allow('reader'), validated('query', NameQuery), async (c) => {
    const { name, ...page } = c.req.valid('query');
    const where = name === undefined ? {} : { name: contains(name) };
    const found = await c.get('em').find(Genre, where, { ...oneMore(page), orderBy: { name: 'asc', id: 'asc' } });
    return answerPage(c, page, found.map(showGenre));
  })
  .post('/', allow('editor'), jsonOnly, validated('json', NewGenre), async (c) => {
    const em = c.get('em');
    const genre = em.create(Genre, c.req.valid('json'));
    await em.flush();
    const { id, version } = genre;
    return c.json({ id, version }, 201, { location: `/api/genres?name=${encodeURIComponent(genre.name)}` });
  });
