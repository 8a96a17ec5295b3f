import { expect, it } from 'vitest';
import { onDatabases } from './on-databases.ts';

const GRAPH = {
  title: 'Ege Bamyası',
  format: 'LP',
  year: 1972,
  rating: 5,
  artist: { name: 'Can', country: 'Germany', formed: 1968 },
  label: { name: 'United Artists' },
  genres: [{ name: 'Krautrock' }, { name: 'Funk' }],
  tracks: [
    { title: 'Pinch', seconds: 568 },
    { title: 'Sing Swan Song', seconds: 288, rating: 4 },
    { title: 'Spoon', seconds: 183 },
  ],
};

await onDatabases(({ worker, counted, requests: so }) => {
  const send: ReturnType<typeof worker>['send'] = (...args) => worker().send(...args);

  it('serves requests that come first at once, and creates the schema for the first of them only', async () => {
    const first = await Promise.all(Array.from({ length: 20 }, () => send('/api/albums')));
    expect(first.map(({ status, body }) => [status, body])).toEqual(
      Array.from({ length: 20 }, () => [200, { items: [], next: null }]),
    );
    const [, requests] = await counted(() => Promise.all(Array.from({ length: 20 }, () => send('/api/albums'))));
    expect(requests).toEqual(so(20));
  });

  it('creates a graph by one request to the database, and reads it by one', async () => {
    const [created, writing] = await counted(() => send('/api/albums', { role: 'editor', body: GRAPH }));
    expect([created.status, created.body]).toEqual([201, { id: expect.any(Number), version: 1 }]);
    expect(writing).toEqual(so(1));
    const location = created.headers.get('location') ?? '';
    expect(location).toBe(`/api/albums/${created.body.id}`);
    const [read, reading] = await counted(() => send(location, { role: 'reader' }));
    expect(reading).toEqual(so(1));
    const reference = (name: string) => ({ id: expect.any(Number), name });
    expect(read.body).toEqual({
      ...GRAPH,
      id: created.body.id,
      version: 1,
      notes: null,
      addedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      artist: reference('Can'),
      label: reference('United Artists'),
      genres: expect.arrayContaining([reference('Krautrock'), reference('Funk')]),
      tracks: GRAPH.tracks.map((track, index) => ({
        rating: null,
        ...track,
        id: expect.any(Number),
        position: index + 1,
      })),
    });
  });

  it('refers to what is there by keys', async () => {
    const artist = await send('/api/artists', { body: { name: 'Faust' } });
    const genre = await send('/api/genres', { body: { name: 'Drone' } });
    const body = { title: 'So Far', format: 'LP', artist: artist.body.id, genres: [genre.body.id, { name: 'Tape' }] };
    const [created, requests] = await counted(() => send('/api/albums', { body }));
    expect([created.status, requests]).toEqual([201, so(2)]);
    const [read, reading] = await counted(() => send(`/api/artists/${artist.body.id}`));
    expect(reading).toEqual(so(1));
    expect(read.body).toMatchObject({ name: 'Faust', albums: [{ title: 'So Far', year: null }] });
    expect(read.body).toHaveProperty('albums.0.genres', expect.arrayContaining(['Drone', 'Tape']));
  });

  it('lists page by page, in the order that is asked for, each page by one request', async () => {
    const artist = await send('/api/artists', { body: { name: 'Neu!' } });
    for (const [title, year] of [
      ['c', 1975],
      ['a', 1972],
      ['b', 1973],
    ] as const) {
      await send('/api/albums', { body: { title: `page ${title}`, format: 'CD', year, artist: artist.body.id } });
    }
    const seen: string[] = [];
    const walk = async (path: string): Promise<void> => {
      const [{ status, body, headers }, requests] = await counted(() => send(path, { role: 'reader' }));
      expect([status, requests]).toEqual([200, so(1)]);
      seen.push(...body.items.map(({ title }) => title));
      expect(headers.get('link')).toBe(body.next === null ? null : `<${body.next}>; rel="next"`);
      if (body.next !== null) await walk(body.next);
    };
    await walk(`/api/albums?artist=${artist.body.id}&sort=-year&limit=2`);
    expect(seen).toEqual(['page c', 'page b', 'page a']);
    const titles = async (query: string) =>
      (await send(`/api/albums?artist=${artist.body.id}&${query}`)).body.items.map(({ title }) => title);
    expect(await titles('limit=1')).toEqual(['page a']);
    expect(await titles('offset=2&limit=1')).toEqual(['page c']);
    expect(await titles('offset=3')).toEqual([]);
    expect(await titles('offset=100000&limit=100')).toEqual([]);
    expect((await send('/api/artists?name=eu!&limit=1')).body).toMatchObject({ items: [{ name: 'Neu!' }], next: null });
  });

  it('filters, and no filter is more than a value', async () => {
    const artist = await send('/api/artists', { body: { name: 'Cluster' } });
    const albums = [
      { title: 'Zuckerzeit 100%', format: 'LP', year: 1974, rating: 5, genres: [{ name: 'Ambient' }] },
      { title: 'Sowiesoso', format: 'Cassette', year: 1976, rating: 3 },
      { title: "O'Dur", format: 'LP', year: null },
    ];
    for (const album of albums) await send('/api/albums', { body: { ...album, artist: artist.body.id } });
    const found = async (query: string) =>
      (await send(`/api/albums?artist=${artist.body.id}&${query}`)).body.items.map(({ title }) => title);
    expect(await found('genre=Ambient')).toEqual(['Zuckerzeit 100%']);
    expect(await found('format=LP&sort=title')).toEqual(["O'Dur", 'Zuckerzeit 100%']);
    expect(await found('from=1975')).toEqual(['Sowiesoso']);
    expect(await found('from=1970&to=1974')).toEqual(['Zuckerzeit 100%']);
    expect(await found('rating=4')).toEqual(['Zuckerzeit 100%']);
    expect(await found('title=ies')).toEqual(['Sowiesoso']);
    expect(await found('title=%25')).toEqual(['Zuckerzeit 100%']);
    expect(await found('title=_')).toEqual([]);
    expect(await found(`title=${encodeURIComponent("'; --")}`)).toEqual([]);
    expect(await found(`title=${encodeURIComponent("O'D")}`)).toEqual(["O'Dur"]);
    expect(await found(`title=${encodeURIComponent('%%%%%%%%%%%%%%%%%%%%%%%%')}`)).toEqual([]);
  });

  it('updates what was read, and refuses what is stale', async () => {
    const created = await send('/api/albums', {
      body: { ...GRAPH, label: null, genres: [], artist: { name: 'Amon' } },
    });
    const path = `/api/albums/${created.body.id}`;
    const change = (body: object) => send(path, { method: 'PATCH', role: 'editor', body });
    const genre = await send('/api/genres', { body: { name: 'Space' } });
    const [changed, requests] = await counted(() => change({ version: 1, title: 'Future Days', year: null }));
    expect([changed.status, changed.body, requests]).toEqual([200, { id: created.body.id, version: 2 }, so(2)]);
    const stale = await change({ version: 1, title: 'lost' });
    expect([stale.status, stale.headers.get('content-type')]).toEqual([409, 'application/problem+json']);
    expect(stale.body).toEqual({
      type: '/problems/stale-entity',
      title: expect.any(String),
      status: 409,
      detail: expect.any(String),
      entity: 'albums',
      rows: [{ key: created.body.id, expectedVersion: 1 }],
    });
    expect((await change({ version: 2, genres: [genre.body.id] })).status).toBe(200);
    const read = await send(path);
    expect(read.body).toMatchObject({ title: 'Future Days', year: null, genres: [{ name: 'Space' }] });
    const { version } = read.body;
    expect((await change({ version, genres: [] })).status).toBe(200);
    expect((await send(path)).body).toMatchObject({ genres: [] });
  });

  it('lets one of eight writers of a version win, and the others leave no trace', async () => {
    const created = await send('/api/artists', { body: { name: 'Popol Vuh' } });
    const path = `/api/artists/${created.body.id}`;
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        send(path, { method: 'PATCH', body: { version: 1, notes: `of writer ${n}` } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 409)]);
    const winner = answers.findIndex(({ status }) => status === 200);
    for (const { status, body } of answers) {
      expect(body).toMatchObject(status === 200 ? { version: 2 } : { type: '/problems/stale-entity' });
    }
    expect((await send(path)).body).toMatchObject({ version: 2, notes: `of writer ${winner}` });
  });

  it('removes what was read, with what cannot be without it', async () => {
    const created = await send('/api/albums', { body: { ...GRAPH, label: null, genres: [], artist: { name: 'Ash' } } });
    const path = `/api/albums/${created.body.id}`;
    const remove = (version: number) => send(`${path}?version=${version}`, { method: 'DELETE' });
    const stale = await remove(9);
    expect([stale.status, stale.body]).toMatchObject([409, { type: '/problems/stale-entity' }]);
    const [removed, requests] = await counted(() => remove(1));
    expect([removed.status, removed.body, requests]).toEqual([204, null, so(2)]);
    expect([(await send(path)).status, (await remove(1)).status]).toEqual([404, 404]);
  });

  it('refuses to remove an artist with albums, and removes one without', async () => {
    const artist = await send('/api/artists', { body: { name: 'Harmonia' } });
    const path = `/api/artists/${artist.body.id}?version=1`;
    const album = await send('/api/albums', { body: { title: 'Deluxe', format: 'LP', artist: artist.body.id } });
    const refused = await send(path, { method: 'DELETE' });
    expect([refused.status, refused.body]).toMatchObject([409, { type: '/problems/still-referred-to' }]);
    await send(`/api/albums/${album.body.id}?version=1`, { method: 'DELETE' });
    expect((await send(path, { method: 'DELETE' })).status).toBe(204);
  });

  it('says what is not unique, and what refers to nothing', async () => {
    await send('/api/genres', { body: { name: 'Motorik' } });
    const twice = await send('/api/genres', { body: { name: 'Motorik' } });
    expect([twice.status, twice.body]).toMatchObject([
      409,
      { type: '/problems/already-there', entity: 'genres', columns: ['name'] },
    ]);
    const album = { title: 'Nowhere', format: 'LP' };
    const nobody = await send('/api/albums', { body: { ...album, artist: 999_999 } });
    expect([nobody.status, nobody.body]).toMatchObject([422, { type: '/problems/refers-to-nothing' }]);
    const noGenre = await send('/api/albums', { body: { ...album, artist: { name: 'x' }, genres: [999_999] } });
    expect([noGenre.status, noGenre.body]).toMatchObject([422, { errors: [{ pointer: '#/genres' }] }]);
    const clash = { ...album, artist: { name: 'of a clash' }, genres: [{ name: 'Motorik' }] };
    expect((await send('/api/albums', { body: clash })).status).toBe(409);
    expect((await send('/api/artists?name=of a clash')).body.items).toEqual([]);
    expect((await send('/api/albums?title=Nowhere')).body.items).toEqual([]);
  });
});
