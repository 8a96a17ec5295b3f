// The scenarios of the scale part with entities, by Meshestra's public exports.
import assert from 'node:assert/strict';
import { createPersistence, Entity, integer, manyToMany, manyToOne, text } from 'meshestra';
import { createSchema } from 'meshestra/schema';
import { openPool, TITLE } from './pg-schema.mjs';

class Topic extends Entity('topics', { id: integer().primaryKey().generated(), name: text() }) {
  parent = manyToOne(() => Topic, { nullable: true });
}
class Item extends Entity('items', { id: integer().primaryKey(), name: text() }) {}
class Box extends Entity('boxes', { id: integer().primaryKey(), name: text() }) {
  items = manyToMany(() => Item, { through: 'box_items' });
}

const DRIVERS = {
  async sqljs() {
    const { sqljs } = await import('meshestra/sqljs');
    return { driver: sqljs(), end: async () => {} };
  },
  async 'better-sqlite3'() {
    const { betterSqlite3 } = await import('meshestra/better-sqlite3');
    const { default: Database } = await import('better-sqlite3');
    // A database that is open, since bench/ has its own better-sqlite3, for the Node of the benchmarks.
    return { driver: betterSqlite3({ database: new Database(':memory:') }), end: async () => {} };
  },
  async pg() {
    const { pg } = await import('meshestra/pg');
    const { pool, end } = await openPool();
    return { driver: pg({ existingPool: pool, namedStatements: true }), end };
  },
};

export async function openScale(engine) {
  const { driver, end } = await DRIVERS[engine]();
  const db = await createPersistence({ driver, entities: [Topic, Item, Box] });
  await createSchema(db);
  return {
    countStatements() {
      let count = 0;
      const stop = db.on('statement', () => {
        count++;
      });
      return () => {
        stop();
        return count;
      };
    },
    async close() {
      await db.close();
      await end();
    },
    async insert(size) {
      const em = db.em();
      const topics = [];
      return {
        work: async () => {
          for (let n = 0; n < size; n++) topics.push(em.create(Topic, { name: TITLE(n) }));
          await em.flush();
        },
        verify: async () => {
          assert.equal(new Set(topics.map(({ id }) => id)).size, size);
          assert.equal((await db.em().findById(Topic, topics[size - 1].id)).name, TITLE(size - 1));
        },
      };
    },
    async chain(size) {
      const em = db.em();
      let parent = null;
      return {
        work: async () => {
          for (let n = 0; n < size; n++) parent = em.create(Topic, { name: TITLE(n), parent });
          await em.flush();
        },
        verify: async () => {
          const read = await db.em().find(Topic, {}, { orderBy: { id: 'asc' } });
          assert.equal(read.length, size);
          for (const [n, topic] of read.entries()) assert.equal(topic.parent.id, read[n - 1]?.id ?? null);
        },
      };
    },
    async diff(size) {
      const before = db.em();
      const all = [];
      for (let n = 1; n <= size * 1.5; n++) all.push(before.create(Item, { id: n, name: TITLE(n) }));
      before.create(Box, { id: 1, name: 'box', items: all.slice(0, size) });
      await before.flush();
      const em = db.em();
      const [box] = await em.find(Box, {}, { populate: ['items'] });
      const items = await em.find(Item, {}, { orderBy: { id: 'asc' } });
      return {
        work: async () => {
          box.items.set(items.slice(size / 2));
          await em.flush();
        },
        verify: async () => {
          const [read] = await db.em().find(Box, {}, { populate: ['items'] });
          const ids = read.items.toArray().map(({ id }) => id);
          assert.equal(ids.length, size);
          assert.equal(Math.min(...ids.slice(0, 1), ...ids.slice(-1)) > size / 2, true);
        },
      };
    },
  };
}
