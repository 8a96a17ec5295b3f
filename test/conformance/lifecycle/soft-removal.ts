import { expect } from 'vitest';
import {
  Entity,
  every,
  integer,
  manyToMany,
  manyToOne,
  none,
  oneToMany,
  oneToOne,
  type Persistence,
  softDelete,
  some,
  text,
} from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { watchStatements, writing } from '../statements.ts';
import type { Subject } from '../subject.ts';

class Club extends Entity('clubs', {
  id: integer().primaryKey(),
  name: text(),
  version: integer().version(),
  deletedAt: softDelete(),
}) {
  members = oneToMany(
    () => Member,
    (member) => member.club,
    { cascade: ['persist', 'remove'] },
  );
  notes = oneToMany(
    () => Note,
    (note) => note.club,
    { cascade: ['persist', 'remove'] },
  );
  tags = manyToMany(() => Tag, { through: 'club_tags' });
}
class Member extends Entity('members', { id: integer().primaryKey(), name: text(), deletedAt: softDelete() }) {
  club = manyToOne(() => Club);
  friend = manyToOne(() => Member, { nullable: true });
  badge = oneToOne(
    () => Badge,
    (badge) => badge.member,
  );
}
class Badge extends Entity('badges', { id: integer().primaryKey(), deletedAt: softDelete() }) {
  member = oneToOne(() => Member);
}
class Note extends Entity('notes', { id: integer().primaryKey(), body: text() }) {
  club = manyToOne(() => Club);
}
class Tag extends Entity('tags', { id: integer().primaryKey(), name: text().unique(), removed: softDelete() }) {
  clubs = manyToMany(() => Club, { inverse: (club) => club.tags });
}

const open = async (subject: Subject): Promise<Persistence> => {
  const db = await subject.open([Club, Member, Badge, Note, Tag]);
  const em = db.em();
  const tags = [1, 2].map((id) => em.create(Tag, { id, name: `t${id}` }));
  const club = em.create(Club, { id: 1, name: 'chess', tags });
  const ann = em.create(Member, { id: 1, name: 'Ann', club });
  em.create(Member, { id: 2, name: 'Bea', club, friend: ann });
  em.create(Badge, { id: 1, member: ann });
  em.create(Note, { id: 1, body: 'n', club });
  em.create(Club, { id: 2, name: 'empty' });
  await em.flush();
  return db;
};

const get = async <T>(found: Promise<T | null>): Promise<T> => {
  const entity = await found;
  if (entity === null) throw new Error('no row');
  return entity;
};

export const softRemovalLaws: Laws = {
  'a removed row stays, says when, has another version, and no read finds it': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const ann = await get(em.findById(Member, 1));
    const statements = watchStatements(db);
    em.remove(ann);
    expect([em.stateOf(ann), ann.deletedAt]).toEqual(['deleted', null]);
    await em.flush();
    expect(writing(statements.texts).map((text) => /UPDATE|DELETE|INSERT/.exec(text)?.[0])).toEqual(['UPDATE']);
    expect([em.stateOf(ann), ann.deletedAt instanceof Date, em.contains(ann)]).toEqual(['detached', true, false]);
    await em.flush();
    const reader = db.em();
    expect([
      (await reader.find(Member)).map(({ id }) => id),
      await reader.findOne(Member, { id: 1 }),
      await reader.findById(Member, 1),
      await em.findById(Member, 1),
      await reader.count(Member),
      await reader.exists(Member, { name: 'Ann' }),
    ]).toEqual([[2], null, null, null, 1, false]);
    const options = { withDeleted: true } as const;
    expect([
      (await reader.find(Member, {}, { ...options, orderBy: { id: 'asc' } })).map(({ id }) => id),
      (await reader.findById(Member, 1, options))?.deletedAt,
      await reader.findById(Member, 1),
      await reader.count(Member, {}, options),
      await reader.exists(Member, { name: 'Ann' }, options),
    ]).toEqual([[1, 2], ann.deletedAt, null, 2, true]);
  },
  'a removal is an update of the version, and a stale one fails': async (subject) => {
    await using db = await open(subject);
    const [one, two] = [db.em(), db.em()];
    const [mine, theirs] = [await get(one.findById(Club, 2)), await get(two.findById(Club, 2))];
    theirs.name = 'changed';
    await two.flush();
    one.remove(mine);
    await expectCode(() => one.flush(), 'stale-entity');
    expect([one.stateOf(mine), mine.deletedAt, mine.version]).toEqual(['deleted', null, 1]);
    await one.refresh(mine);
    one.remove(mine);
    await one.flush();
    expect((await get(db.em().findById(Club, 2, { withDeleted: true }))).version).toBe(3);
    theirs.name = 'too late';
    await expectCode(() => two.flush(), 'stale-entity');
  },
  'relations that list leave removed rows out; references show them': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    em.remove(await get(em.findById(Member, 1)), await get(em.findById(Tag, 2)), await get(em.findById(Badge, 1)));
    await em.flush();
    const reader = db.em();
    const club = await get(reader.findOne(Club, { id: 1 }, { populate: ['members.friend', 'tags'] }));
    expect([club.members.toArray().map(({ id }) => id), club.tags.toArray().map(({ id }) => id)]).toEqual([[2], [1]]);
    expect(club.members.at(0)?.friend.get()?.name).toBe('Ann');
    expect(await club.members.count()).toBe(1);
    expect((await club.members.matching({})).map(({ id }) => id)).toEqual([2]);
    const lazy = await get(db.em().findById(Club, 1));
    expect((await lazy.members.load()).map(({ id }) => id)).toEqual([2]);
    expect((await lazy.tags.load()).map(({ id }) => id)).toEqual([1]);
    const ann = await get(db.em().findById(Member, 1, { withDeleted: true, populate: ['badge', 'club'] }));
    expect([ann.badge.get(), ann.club.get().name]).toEqual([null, 'chess']);
    const clubs = async (where: Parameters<typeof reader.find<Club>>[1]) =>
      (await reader.find(Club, where, { orderBy: { id: 'asc' } })).map(({ id }) => id);
    expect(await clubs({ members: some<Member>({ name: 'Ann' }) })).toEqual([]);
    expect(await clubs({ members: none<Member>({ name: 'Ann' }) })).toEqual([1, 2]);
    expect(await clubs({ members: every<Member>({ name: 'Bea' }) })).toEqual([1, 2]);
    expect(await clubs({ tags: some<Tag>({ name: 't2' }) })).toEqual([]);
    expect(await reader.count(Member, { friend: { name: 'Ann' } })).toBe(1);
  },
  'memory shows a removal as it shows a deletion, and references keep their keys': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const club = await get(em.findOne(Club, { id: 1 }, { populate: ['members.friend', 'tags'] }));
    const [ann, bea] = club.members.toArray();
    const [, second] = club.tags.toArray();
    if (ann === undefined || bea === undefined || second === undefined) throw new Error('no rows');
    em.remove(ann, second);
    await em.flush();
    expect([club.members.toArray(), club.tags.length, bea.friend.id, bea.friend.isLoaded]).toEqual([
      [bea],
      1,
      1,
      false,
    ]);
    bea.name = 'Bee';
    bea.club.set(club);
    await em.flush();
    const shown = await bea.friend.load();
    expect([shown?.name, shown === ann, shown?.deletedAt]).toEqual(['Ann', false, ann.deletedAt]);
    expect((await get(db.em().findById(Member, 2))).friend.id).toBe(1);
  },
  'cascades remove each class in its own way': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const club = await get(em.findById(Club, 1));
    em.remove(club);
    await em.flush();
    const reader = db.em();
    expect([
      await reader.count(Member),
      await reader.count(Member, {}, { withDeleted: true }),
      await reader.count(Note),
      await reader.count(Club, {}, { withDeleted: true }),
    ]).toEqual([0, 2, 0, 2]);
    // The links stay with the rows.
    const back = await get(reader.findById(Club, 1, { withDeleted: true, populate: ['tags'] }));
    expect(back.tags.length).toBe(2);
  },
  'a removed row is restored by taking the instant away, and removing it twice changes nothing': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    em.remove(await get(em.findById(Member, 1)));
    await em.flush();
    const ann = await get(em.findById(Member, 1, { withDeleted: true }));
    const statements = watchStatements(db);
    em.remove(ann);
    await em.flush();
    expect(writing(statements.texts)).toEqual([]);
    const again = await get(em.findById(Member, 1, { withDeleted: true }));
    again.deletedAt = null;
    await em.flush();
    expect((await db.em().findById(Member, 1))?.name).toBe('Ann');
    expect(await em.findById(Member, 1)).toBe(again);
    await expectCode(() => em.persist(ann), 'validation');
  },
  'purge deletes the rows, with removed ones that refer to them': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    const badge = await get(em.findById(Badge, 1));
    const statements = watchStatements(db);
    em.purge(badge);
    await em.flush();
    expect(writing(statements.texts)).toHaveLength(1);
    expect(await db.em().count(Badge, {}, { withDeleted: true })).toBe(0);
    const bea = await get(em.findById(Member, 2));
    const club = await get(em.findOne(Club, { id: 1 }, { populate: ['members'] }));
    em.remove(bea);
    em.purge(club);
    await em.flush();
    const reader = db.em();
    expect([
      await reader.count(Member, {}, { withDeleted: true }),
      await reader.count(Club, {}, { withDeleted: true }),
      await reader.count(Note),
    ]).toEqual([0, 1, 0]);
    const other = await get(em.findById(Club, 2));
    em.purge(other);
    em.persist(other);
    em.remove(other);
    await em.flush();
    expect(await reader.count(Club, {}, { withDeleted: true })).toBe(1);
  },
  'a removed row that refers to a removed one is in the way of a purge only': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    em.remove(await get(em.findById(Member, 2)));
    await em.flush();
    em.remove(await get(em.findById(Member, 1)));
    await em.flush();
    const ann = await get(em.findById(Member, 1, { withDeleted: true }));
    em.purge(ann);
    await expectCode(() => em.flush(), 'foreign-key-violation');
    expect(em.stateOf(ann)).toBe('deleted');
  },
  'unique values of removed rows stay taken': async (subject) => {
    await using db = await open(subject);
    const em = db.em();
    em.remove(await get(em.findById(Tag, 1)));
    em.create(Tag, { id: 3, name: 't1' });
    await expectCode(() => em.flush(), 'unique-violation');
    expect(await db.em().count(Tag)).toBe(2);
  },
  'a rollback brings the entity, its relations and its instant back': {
    requires: ({ interactive }) => interactive === 'session',
    check: async (subject) => {
      await using db = await open(subject);
      const em = db.em();
      const club = await get(em.findOne(Club, { id: 1 }, { populate: ['members.friend'] }));
      const [ann, bea] = club.members.toArray();
      if (ann === undefined || bea === undefined) throw new Error('no rows');
      await expect(
        em.transaction(async (tx) => {
          tx.remove(ann);
          await tx.flush();
          expect(club.members.length).toBe(1);
          throw new Error('undo');
        }),
      ).rejects.toThrow('undo');
      expect([em.stateOf(ann), ann.deletedAt, club.members.toArray(), bea.friend.get()]).toEqual([
        'deleted',
        null,
        [ann, bea],
        ann,
      ]);
      em.persist(ann);
      await em.flush();
      expect(await db.em().count(Member)).toBe(2);
    },
  },
};
