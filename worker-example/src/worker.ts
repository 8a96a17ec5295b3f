/**
 * A music library as a JSON API, on D1, Neon or PlanetScale.
 *
 * @module
 */
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { createLeases } from './database.ts';
import type { Environment } from './environment.ts';
import { answerProblem, PROBLEMS, Problem, type ProblemKind } from './problem.ts';
import { problemOf } from './problem-of.ts';
import { readRole } from './roles.ts';
import { albums } from './routes/albums.ts';
import { artists } from './routes/artists.ts';
import { genres } from './routes/genres.ts';

const LARGEST_BODY = 256 * 1024;
/** Milliseconds that the work of one request may take. */
const PATIENCE = 10_000;

const leaseDatabase = createLeases();
const app = new Hono<Environment>();

app.onError((error, c) => {
  const problem = problemOf(error, c.req.method);
  // The client is not told what it cannot help, but somebody has to know.
  if (PROBLEMS[problem.kind].status >= 500) console.error(error);
  return answerProblem(c, problem);
});
app.notFound((c) => answerProblem(c, new Problem('not-found', { detail: `there is no ${c.req.path}` })));

// What the `type` of a problem document leads to.
app.get('/problems/:kind', (c) => {
  const kind = c.req.param('kind');
  if (!Object.hasOwn(PROBLEMS, kind)) return c.notFound();
  return c.json({ type: `/problems/${kind}`, ...PROBLEMS[kind as ProblemKind] });
});

app.use('/api/*', readRole, bodyLimit({ maxSize: LARGEST_BODY }), async (c, next) => {
  const { db, release } = await leaseDatabase(c.env);
  // What a client that went away has asked for is given up.
  c.set('em', db.em({ signal: c.req.raw.signal, timeout: PATIENCE }));
  try {
    await next();
  } finally {
    await release();
  }
});
app.route('/api/albums', albums);
app.route('/api/artists', artists);
app.route('/api/genres', genres);

// biome-ignore lint/style/noDefaultExport: what workerd runs is the default export
export default app;
