import { expectTypeOf, test } from 'vitest';
import { Column, Mapped } from '../../src/decorators.ts';
import {
  beforeInsert,
  Entity,
  type EntityManager,
  type FlushPreview,
  type Generated,
  integer,
  type Persistence,
  text,
} from '../../src/index.ts';
import { Post } from './model.ts';

declare const db: Persistence;
const columns = { id: integer().primaryKey().generated(), title: text(), views: integer().default(0) };

test('hooks in the options receive the columns, and may be asynchronous', () => {
  class Page extends Entity('pages', columns, {
    hooks: {
      beforeInsert(page) {
        expectTypeOf(page.title).toEqualTypeOf<string>();
        expectTypeOf(page.views).toEqualTypeOf<number>();
        // @ts-expect-error no such column
        page.nonsense;
        // @ts-expect-error another type
        page.title = 1;
      },
      async afterUpdate(page) {
        page.views += 1;
      },
      afterLoad: (page) => {
        page.title.trim();
      },
    },
  }) {
    [beforeInsert](): void {
      expectTypeOf(this.title).toEqualTypeOf<string>();
    }
  }
  expectTypeOf<Page['views']>().toEqualTypeOf<number>();
  Entity('pages', columns, {
    hooks: {
      // @ts-expect-error loading waits for nothing
      afterLoad: async () => undefined,
    },
  });
  Entity('pages', columns, {
    hooks: {
      // @ts-expect-error no such hook
      beforeDelete: () => undefined,
    },
  });
});

test('hooks of the decorated form receive what they say, and only of that class', () => {
  @Mapped('notes', { hooks: { beforeInsert: (note: Note) => note.body.trim() } })
  class Note {
    @Column(integer().primaryKey().generated()) id!: Generated<number>;
    @Column(text()) body!: string;
  }
  // @ts-expect-error the hook is for another class
  @Mapped('others', { hooks: { beforeInsert: (note: Note) => note.body.trim() } })
  class Other {
    @Column(integer().primaryKey()) id!: number;
  }
  void Other;
});

test('events have their own types', () => {
  db.on('beforeUpdate', ({ entity, table, em }) => {
    expectTypeOf(em).toEqualTypeOf<EntityManager>();
    expectTypeOf(table).toEqualTypeOf<string>();
    if (entity instanceof Post) expectTypeOf(entity.title).toEqualTypeOf<string>();
  });
  db.on('onFlush', async ({ plan, inserts }) => {
    expectTypeOf(plan).toEqualTypeOf<FlushPreview>();
    expectTypeOf(inserts).toEqualTypeOf<readonly object[]>();
    // @ts-expect-error a plan cannot be changed
    plan.steps.push();
  });
  db.on('transactionRollback', ({ level, error }) => {
    expectTypeOf(level).toEqualTypeOf<number>();
    expectTypeOf(error).toEqualTypeOf<unknown>();
  });
  // @ts-expect-error an entity that is loaded has no EntityManager to be used at once
  db.on('afterLoad', ({ em }) => em);
  // @ts-expect-error no such event
  db.on('beforeDelete', () => undefined);
});
