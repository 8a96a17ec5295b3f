import { sign } from 'hono/jwt';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openTestGateway } from '../../../adapters/neon/gateway.ts';
import { buildWorker } from './build-worker.ts';
import { type Answered, runWorker, SECRET, type Sent, signToken } from './running-worker.ts';

const built = await buildWorker();
const worker = await runWorker(built);
afterAll(() => worker.stop());
const { send } = worker;

/** Expects a problem document of a kind, and gives it. */
function expectProblem({ status, headers, body }: Answered, kind: string, expected: number): Answered['body'] {
  expect([status, headers.get('content-type')]).toEqual([expected, 'application/problem+json']);
  expect(body).toMatchObject({ type: `/problems/${kind}`, status: expected, title: expect.any(String) });
  return body;
}

const soon = () => Math.floor(Date.now() / 1000) + 600;
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('the token', () => {
  it.each<[string, () => Promise<string | null>]>([
    ['is missing', async () => null],
    ['is of another scheme', async () => `Basic ${Buffer.from('a:b').toString('base64')}`],
    ['is two words', async () => 'Bearer a b'],
    ['is none at all', async () => 'Bearer nonsense'],
    ['is signed with another secret', async () => `Bearer ${await signToken({ role: 'admin' }, `${SECRET}!`)}`],
    [
      'is signed with nothing',
      async () => `Bearer ${encode({ alg: 'none', typ: 'JWT' })}.${encode({ role: 'admin', exp: soon() })}.`,
    ],
    [
      'is signed by another algorithm',
      async () => `Bearer ${await sign({ sub: 'a', role: 'admin', exp: soon() }, SECRET, 'HS512')}`,
    ],
    [
      'was changed',
      async () =>
        (await signToken({ role: 'reader' })).replace(
          /^([^.]*)\.[^.]*/,
          `Bearer $1.${encode({ sub: 'a', role: 'admin', exp: soon() })}`,
        ),
    ],
    ['is over', async () => `Bearer ${await signToken({ role: 'admin', exp: 1 })}`],
    ['never ends', async () => `Bearer ${await sign({ sub: 'a', role: 'admin' }, SECRET, 'HS256')}`],
    ['says no role', async () => `Bearer ${await signToken({})}`],
    ['says a role that there is not', async () => `Bearer ${await signToken({ role: 'root' })}`],
  ])('is refused where it %s', async (_title, make) => {
    const answer = await send('/api/albums', { authorization: await make() });
    expectProblem(answer, 'unauthenticated', 401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="liner-notes"/);
  });

  const ROUTES: readonly [method: string, path: string, needed: string][] = [
    ['GET', '/api/albums', 'reader'],
    ['GET', '/api/albums/1', 'reader'],
    ['POST', '/api/albums', 'editor'],
    ['PATCH', '/api/albums/1', 'editor'],
    ['DELETE', '/api/albums/1?version=1', 'admin'],
    ['GET', '/api/artists', 'reader'],
    ['GET', '/api/artists/1', 'reader'],
    ['POST', '/api/artists', 'editor'],
    ['PATCH', '/api/artists/1', 'editor'],
    ['DELETE', '/api/artists/1?version=1', 'admin'],
    ['GET', '/api/genres', 'reader'],
    ['POST', '/api/genres', 'editor'],
  ];
  it.each(ROUTES)('has to say the role for %s %s: %s', async (method, path, needed) => {
    const roles = ['reader', 'editor', 'admin'];
    const body = /PO|PA/.test(method) ? { body: {} } : {};
    expectProblem(await send(path, { method, ...body, authorization: null }), 'unauthenticated', 401);
    for (const role of roles) {
      const answer = await send(path, { method, ...body, role });
      if (roles.indexOf(role) < roles.indexOf(needed)) expectProblem(answer, 'forbidden', 403);
      else expect([200, 404, 422]).toContain(answer.status);
    }
  });
});

describe('a request that is wrong', () => {
  const wrong = async (path: string, sent?: Sent) => {
    const { errors } = expectProblem(await send(path, sent), 'invalid', 422);
    return errors.map(({ pointer, parameter }) => pointer ?? parameter).sort();
  };

  it('is told every property that is not acceptable, by its path', async () => {
    const body = {
      title: ' ',
      year: 12,
      format: 'MC',
      rating: 6,
      artist: { name: 'x'.repeat(161), born: 1 },
      label: {},
      genres: [1.5, { nam: 'a' }, 'a'],
      tracks: [{ title: 'a', seconds: 1 }, { title: 'b', seconds: '1' }, { seconds: 0 }],
      'a/b~c': 1,
    };
    expect(await wrong('/api/albums', { body })).toEqual(
      [
        '#/a~1b~0c',
        '#/artist/born',
        '#/artist/name',
        '#/format',
        '#/genres/0',
        '#/genres/1/nam',
        '#/genres/1/name',
        '#/genres/2',
        '#/label/name',
        '#/rating',
        '#/title',
        '#/tracks/1/seconds',
        '#/tracks/2/seconds',
        '#/tracks/2/title',
        '#/year',
      ].sort(),
    );
    expect(await wrong('/api/albums', { body: [] })).toEqual(['#']);
    expect(await wrong('/api/albums', { body: 'null' })).toEqual(['#']);
    expect(await wrong('/api/albums/1', { method: 'PATCH', body: { title: 'a' } })).toEqual(['#/version']);
    expect(await wrong('/api/artists/1', { method: 'PATCH', body: { version: 0, name: null } })).toEqual([
      '#/name',
      '#/version',
    ]);
  });

  it('is told what the database cannot hold', async () => {
    const body = { name: 'half a pair \ud800' };
    const { errors } = expectProblem(await send('/api/genres', { body }), 'invalid', 422);
    expect(errors).toEqual([{ entity: 'genres', property: 'name', detail: expect.any(String) }]);
  });

  it.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=',
    'limit=1.5',
    'limit=1e1',
    'limit=0x1',
    'limit=99999999999999999999',
    'limit=1&limit=2',
    'offset=-1',
    'offset=100001',
    'title=',
    `title=${'x'.repeat(25)}`,
    `title=${encodeURIComponent('あ'.repeat(9))}`,
    'artist=0',
    'format=MC',
    'from=a',
    'rating=6',
    'sort=id',
    'sort=-',
    'colour=red',
  ])('is told the parameter of ?%s', async (query) => {
    expect(await wrong(`/api/albums?${query}`)).toEqual([query.replace(/=.*/, '')]);
  });

  it('takes the bounds of a page themselves', async () => {
    for (const query of ['limit=1', 'limit=100', 'offset=0', 'offset=100000', 'limit=007']) {
      expect((await send(`/api/albums?${query}`)).status).toBe(200);
    }
  });

  it('is told that a removal needs its version', async () => {
    expect(await wrong('/api/albums/1', { method: 'DELETE' })).toEqual(['version']);
    expect(await wrong('/api/artists/1?version=x', { method: 'DELETE' })).toEqual(['version']);
  });

  it.each(['', '{', '{"title":', 'title=a', '{} {}', '\u0000'])('is no JSON: %j', async (body) => {
    expectProblem(await send('/api/albums', { method: 'POST', body }), 'malformed-body', 400);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'is not JSON by its type: %s',
    async (type) => {
      expectProblem(await send('/api/albums', { body: '{}', type }), 'not-json', 415);
    },
  );

  it.each(['application/json; charset=utf-8', 'application/merge-patch+json'])(
    'may be of the type %s',
    async (type) => {
      expectProblem(await send('/api/albums', { body: '{}', type }), 'invalid', 422);
    },
  );

  it('is too large', async () => {
    // Hardly more than the limit: of a longer body the rest may still be on its way when the connection is reset.
    expectProblem(await send('/api/albums', { body: { title: 'x'.repeat(256 * 1024) } }), 'too-large', 413);
  });

  it('is for what is not there', async () => {
    for (const path of [
      '/',
      '/api',
      '/api/labels',
      '/api/albums/1',
      '/api/albums/0',
      '/api/albums/x',
      '/api/albums/1/tracks',
      '/api/albums/99999999999999999999',
      '/api/artists/999999999999999',
    ]) {
      expectProblem(await send(path), 'not-found', 404);
    }
    expectProblem(await send('/api/albums', { method: 'PUT', body: {} }), 'not-found', 404);
    expectProblem(await send('/api/albums/77', { method: 'PATCH', body: { version: 1 } }), 'not-found', 404);
  });

  it('can read what its kind of problem is', async () => {
    const { status, body } = await send('/problems/stale-entity', { authorization: null });
    expect([status, body]).toMatchObject([200, { type: '/problems/stale-entity', status: 409 }]);
    for (const kind of ['nothing', 'constructor', '__proto__']) {
      expectProblem(await send(`/problems/${kind}`), 'not-found', 404);
    }
  });
});

describe('a worker that is set up wrongly', () => {
  it.each<[string, Record<string, string | undefined>]>([
    ['without a secret', { JWT_SECRET: undefined }],
    ['with a short secret', { JWT_SECRET: 'hunter2' }],
    ['with the URL of another database', { DATABASE_URL: 'mongodb://ada:hunter2@h/d' }],
    ['with a URL that is none', { DATABASE_URL: 'postgres://ada:hunter2@' }],
  ])('says so in its log, and nothing of it to the client: %s', async (_title, bindings) => {
    const other = await runWorker(built, bindings);
    try {
      const answer = await other.send('/api/albums');
      expect(expectProblem(answer, 'internal', 500)).toEqual({
        type: '/problems/internal',
        title: 'Something went wrong here',
        status: 500,
      });
      await vi.waitFor(() => expect(other.logged()).toContain('ConfigurationError'));
      expect(other.logged()).not.toContain('hunter2');
    } finally {
      await other.stop();
    }
  });
});

const test = await openTestGateway();
afterAll(() => test.drop());

describe.skipIf(test.missing !== undefined)(test.title('the worker behind a network that fails'), () => {
  it('tells what can be tried again from what nobody knows the outcome of', async () => {
    const gateway = test.gateway();
    const bindings = { DATABASE_URL: await test.url(), DATABASE_ENDPOINT: `${gateway.origin}/sql` };
    const onNeon = await runWorker(built, bindings);
    try {
      const genre = (name: string) => onNeon.send('/api/genres', { body: { name } });
      // A start that fails is no end: the next request opens the database again.
      gateway.fail('request lost');
      expect((await onNeon.send('/api/genres')).status).toBeGreaterThanOrEqual(500);
      expect((await genre('first')).status).toBe(201);

      gateway.fail({ status: 503 });
      const read = await onNeon.send('/api/genres');
      expectProblem(read, 'busy', 503);
      expect(read.headers.get('retry-after')).toBe('1');

      gateway.reset();
      gateway.fail('answer lost', 'perhaps');
      expectProblem(await genre('perhaps'), 'outcome-unknown', 504);
      expect(gateway.requests.filter(({ body }) => body.includes('perhaps'))).toHaveLength(1);
      expect((await onNeon.send('/api/genres?name=perhaps')).body.items).toHaveLength(1);
    } finally {
      await onNeon.stop();
    }
  });
});
