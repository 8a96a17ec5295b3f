// W1 to W9: what is timed, what it has to answer, and how the database is put back as it was.
import assert from 'node:assert/strict';
import { expectedPage, POSTS } from './fixture.mjs';
import * as read from './read.mjs';

const FLUSHES = 20;
const BUILDS = 500;

/** Wall time, and the CPU time of the whole process (V8's collector and compiler threads included), in ms. */
const ms = async (work) => {
  const before = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const elapsed = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { ms: elapsed, cpu: (user + system) / 1_000, ...result };
};

/**
 * Each workload: `run` gives `{ ms, ... }` with the reading of all fields inside the clock; `verify` checks every value
 * afterwards; `reset` undoes writes. `expected` is a number computed from the fixture by the same readers.
 */
export function createWorkloads(fixture, engine) {
  const { authors, posts, inserts, ids, filters } = fixture;
  const plain = read.plainView;
  const pages = filters.map((f) => expectedPage(fixture, f));
  const byId = (id) => posts[id - 1];
  const pageView = { ...plain, author: (p) => authors[p.authorId - 1] };
  const expected = {
    W1: read.readPosts(plain, ids.map(byId)),
    W2: read.readPosts(plain, posts),
    W3: read.readAuthors(plain, authors),
    W4: read.readGraph(plain, authors),
    W5: inserts.reduce((sum, _, i) => sum + POSTS + 1 + i, 0),
    W6: read.readPosts(plain, posts.slice(0, 1_000)) + 1_000,
    W9: read.readPages(pageView, pages),
  };
  const check = (name, sum) =>
    assert.equal(sum, expected[name], `${name}: the fields read do not add up to the fixture's`);
  const graph = (name, method, reader, withTags) => ({
    run: (c) =>
      ms(async () => {
        const result = await c[method]();
        return { result, sum: reader(c.view, result) };
      }),
    verify: (c, { result, sum }) => {
      check(name, sum);
      read.compareGraph(c.view, result, authors, withTags);
    },
  });

  return {
    W1: {
      title: 'find by key ×1,000, fresh context each',
      run: (c) =>
        ms(async () => {
          const result = await c.W1(ids);
          return { result, sum: read.readPosts(c.view, result) };
        }),
      verify: (c, { result, sum }) => {
        check('W1', sum);
        for (const [i, post] of result.entries()) read.comparePosts(c.view, [post], [byId(ids[i])]);
      },
    },
    W2: {
      title: 'select 10,000 posts',
      run: (c) =>
        ms(async () => {
          const result = await c.W2();
          return { result, sum: read.readPosts(c.view, result) };
        }),
      verify: (c, { result, sum }) => {
        check('W2', sum);
        read.comparePosts(c.view, result, posts);
      },
    },
    W3: { title: 'authors with their posts', ...graph('W3', 'W3', read.readAuthors, false) },
    W4: { title: 'authors, posts, tags', ...graph('W4', 'W4', read.readGraph, true) },
    W5: {
      title: 'insert 10,000, tracked, keys read back',
      run: (c) =>
        ms(async () => {
          const result = await c.W5(inserts);
          let sum = 0;
          for (const one of result) sum += one.id;
          return { result, sum };
        }),
      verify: async (c, { result, sum }) => {
        check('W5', sum);
        const rows = await c.all(
          `select id, author_id, title, body, views, published, created_at from posts where id > ${POSTS} order by id`,
        );
        assert.equal(rows.length, inserts.length);
        rows.forEach((row, i) => {
          const p = inserts[i];
          assert.deepEqual(
            [...row],
            [POSTS + 1 + i, p.authorId, p.title, p.body, p.views, p.published ? 1 : 0, p.createdAt.getTime()],
          );
          assert.equal(result[i].id, row[0]);
        });
      },
      reset: async (c) => {
        await c.exec(`delete from posts where id > ${POSTS}`);
        if (engine.resetKeys !== undefined) await c.all(engine.resetKeys(POSTS));
      },
    },
    W6: {
      title: 'load 1,000, change one field of each, flush',
      run: (c) =>
        ms(async () => {
          const result = await c.W6();
          return { result, sum: read.readPosts(c.view, result) };
        }),
      verify: async (c, { result, sum }) => {
        check('W6', sum);
        read.comparePosts(c.view, result, posts.slice(0, 1_000), 1);
        const rows = await c.all('select views from posts order by id');
        assert.deepEqual(
          rows.map((r) => r[0]),
          posts.map((p, i) => p.views + (i < 1_000 ? 1 : 0)),
        );
      },
      reset: (c) => c.exec('update posts set views = views - 1 where id <= 1000'),
    },
    W7: {
      title: 'build a query of three joins',
      unit: 'µs',
      run: async (c) => {
        let length = 0;
        const timed = await ms(() => {
          for (let i = 0; i < BUILDS; i++) length += c.W7(i).sql.length;
          return {};
        });
        const each = (time) => (time * 1_000) / BUILDS;
        // The query stays with the outcome, as the rows of the others do.
        return { ms: each(timed.ms), cpu: each(timed.cpu), ...c.W7(1), length };
      },
      verify: (_, { sql }) => assert.equal((sql.match(/\bjoin\b/gi) ?? []).length, 3, `not three joins: ${sql}`),
    },
    W8: {
      title: 'flush with 1 changed of 10,000 loaded',
      unit: 'ms',
      absolute: true,
      statementsPer: (count) => (count - 1) / FLUSHES,
      run: async (c) => {
        const state = await c.W8load();
        await c.W8(state, 0);
        const timed = await ms(async () => {
          for (let i = 1; i < FLUSHES; i++) await c.W8(state, i * 37);
          return {};
        });
        return { ms: timed.ms / (FLUSHES - 1), cpu: timed.cpu / (FLUSHES - 1) };
      },
      verify: async (c) => {
        const rows = await c.all('select id, views from posts order by id');
        const changed = rows.filter((r) => r[1] !== posts[r[0] - 1].views);
        assert.deepEqual(
          changed.map((r) => [r[0], r[1] - posts[r[0] - 1].views]),
          Array.from({ length: FLUSHES }, (_, i) => [i * 37 + 1, 1]),
        );
      },
      reset: (c) => c.exec(`update posts set views = views - 1 where id <= ${(FLUSHES - 1) * 37 + 1} and id % 37 = 1`),
    },
    W9: {
      title: 'filter, join, order, limit 50, ×200, fresh context each',
      run: (c) =>
        ms(async () => {
          const result = await c.W9(filters);
          return { result, sum: read.readPages(c.view, result) };
        }),
      verify: (c, { result, sum }) => {
        check('W9', sum);
        read.comparePages(c.view, result, pages, authors);
      },
    },
  };
}
