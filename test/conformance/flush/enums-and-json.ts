import { expect } from 'vitest';
import { type EntityManager, eq, identifier, isIn, isNull, type Persistence, sql } from '../../../src/index.ts';
import { expectCode, type Laws } from '../laws.ts';
import { Release, records } from '../model/records.ts';
import { watchStatements } from '../statements.ts';
import type { Subject } from '../subject.ts';

async function open(subject: Subject): Promise<readonly [Persistence, EntityManager, Release]> {
  const db = await subject.open(records);
  const em = db.em();
  const created = em.create(Release, { format: 'lp' });
  await em.flush();
  return [db, em, created];
}

async function stored(db: Persistence): Promise<Release> {
  const [read] = await db.em().find(Release);
  if (read === undefined) throw new Error('not found');
  return read;
}

const wrong = 'mp3' as never;

/** Columns of few texts, and columns of JSON. */
export const enumsAndJson: Laws = {
  'an enum comes back as it was, and is compared with': async (subject) => {
    const [db, em] = await open(subject);
    await using _ = db;
    em.create(Release, { format: "it's", state: 'used', grade: 'bad' });
    await em.flush();
    const read = await db.em().find(Release, {}, { orderBy: { id: 'asc' } });
    expect(read.map(({ format, state, grade }) => [format, state, grade])).toEqual([
      ['lp', 'new', null],
      ["it's", 'used', 'bad'],
    ]);
    expect(await db.em().count(Release, { format: isIn(["it's", 'cd']), grade: 'bad' })).toBe(1);
  },
  'a value that an enum does not have is refused with entity and property, before any SQL': async (subject) => {
    const [db, em, release] = await open(subject);
    await using _ = db;
    const statements = watchStatements(db);
    const expected = { code: 'validation', entity: 'releases', property: 'format' };
    em.create(Release, { format: wrong });
    expect(await expectCode(() => em.flush(), 'validation')).toMatchObject(expected);
    em.revert();
    release.format = wrong;
    expect(await expectCode(() => em.flush(), 'validation')).toMatchObject(expected);
    em.revert(release);
    expect(await expectCode(() => em.assign(release, { format: wrong }), 'validation')).toMatchObject(expected);
    expect(await expectCode(() => em.find(Release, { format: wrong }), 'validation')).toMatchObject(expected);
    await expectCode(() => em.find(Release, { format: isIn(['cd', wrong]) }), 'validation');
    await expectCode(() => em.merge(Release, { format: wrong }), 'validation');
    await expectCode(() => em.upsert(Release, [{ id: 5, format: wrong }]), 'validation');
    expect([release.format, statements.texts]).toEqual(['lp', []]);
  },
  'the schema keeps it out of the database, too': async (subject) => {
    const [db, em] = await open(subject);
    await using _ = db;
    const [table, column] = [identifier('releases'), identifier('format')];
    await expectCode(
      () => em.execute(sql`UPDATE ${table} SET ${column} = 'mp3'`, { writes: ['releases'] }),
      'check-violation',
    );
    expect((await stored(db)).format).toBe('lp');
  },
  'JSON that is changed in place, however deep, is a change': async (subject) => {
    const [db, em, release] = await open(subject);
    await using _ = db;
    const edits: ((extra: Release['extra']) => void)[] = [
      ({ tracks }) => tracks.push({ title: 'one' }, { title: 'two', seconds: 2 }),
      ({ tracks }) => {
        for (const track of tracks) track.title += '!';
      },
      ({ tracks }) => tracks.reverse(),
      ({ marks }) => Object.assign(marks, { deep: { list: [1, [2, { three: 3 }]] } }),
      ({ marks }) => {
        marks.deep = { list: [1, [2, { three: 4 }]] };
      },
      (extra) => {
        extra.note = null;
      },
      (extra) => {
        delete extra.note;
      },
      ({ marks }) => {
        delete marks.deep;
      },
      ({ tracks }) => tracks.pop(),
    ];
    for (const edit of edits) {
      edit(release.extra);
      expect([...em.changes(release).keys()]).toEqual(['extra']);
      await em.flush();
      expect((await stored(db)).extra).toEqual(release.extra);
      expect((await em.plan()).steps).toEqual([]);
    }
  },
  'the same JSON in another order of keys, or as another object, is no change': async (subject) => {
    const [db, em, release] = await open(subject);
    await using _ = db;
    release.extra = { tracks: [{ title: 't', seconds: 1 }], marks: { a: 1, b: [] } };
    await em.flush();
    release.extra = { marks: { b: [], a: 1 }, tracks: [{ seconds: 1, title: 't' }] };
    expect((await em.plan()).steps).toEqual([]);
    release.extra.marks = { a: 1, b: {} };
    expect([...em.changes(release).keys()]).toEqual(['extra']);
    em.revert(release);
    expect(release.extra).toEqual({ tracks: [{ title: 't', seconds: 1 }], marks: { a: 1, b: [] } });
  },
  'values of JSON that look alike are told apart': async (subject) => {
    const [db, em, release] = await open(subject);
    await using _ = db;
    const values = [1, '1', true, 'true', '"1"', [1], { 1: 1 }, '', 0, false, [], {}, '{}', [null], 'null'];
    for (const value of values) {
      release.loose = value;
      expect([...em.changes(release).keys()]).toEqual(['loose']);
      await em.flush();
      expect((await stored(db)).loose).toEqual(value);
    }
    release.loose = null;
    await em.flush();
    expect(await db.em().count(Release, { loose: isNull() })).toBe(1);
  },
  'JSON is asked for by value, and what is no JSON is refused': async (subject) => {
    const [db, em, release] = await open(subject);
    await using _ = db;
    release.loose = ['a', 1];
    await em.flush();
    expect(await db.em().count(Release, { loose: eq(['a', 1]) })).toBe(1);
    expect(await db.em().count(Release, { loose: eq(['a', 2]) })).toBe(0);
    for (const flaw of [new Date(), undefined, Number.NaN, 1n, new Map()]) {
      release.loose = { flaw };
      expect(await expectCode(() => em.flush(), 'validation')).toMatchObject({ property: 'loose' });
    }
    em.revert(release);
    expect(release.loose).toEqual(['a', 1]);
  },
  "a default of JSON is each entity's own": async (subject) => {
    const [db, em, release] = await open(subject);
    await using _ = db;
    const other = em.create(Release, { format: 'cd' });
    release.extra.tracks.push({ title: 'mine' });
    expect(other.extra.tracks).toEqual([]);
    await em.flush();
    const read = await db.em().find(Release, {}, { orderBy: { id: 'asc' } });
    expect(read.map(({ extra }) => extra.tracks.length)).toEqual([1, 0]);
  },
};
