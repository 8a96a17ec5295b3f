import { describe, expect } from 'vitest';
import { type EntityManager, gt, isIn, not, type Persistence, some } from '../../src/index.ts';
import { expectCode, type Laws, registerLaws } from './laws.ts';
import {
  Blob,
  Counter,
  Delivery,
  Director,
  Documentary,
  Film,
  Label,
  Line,
  Medium,
  mediaLibrary,
  Novel,
  Order,
  Part,
  Shelf,
  shop,
} from './model/shop.ts';
import { watchStatements } from './statements.ts';
import type { Subject } from './subject.ts';

async function get<T extends object>(found: Promise<T | null>): Promise<T> {
  const entity = await found;
  if (entity === null) throw new Error('not found');
  return entity;
}

/** Orders whose keys would meet if parts were joined by a separator. */
async function openShop(subject: Subject): Promise<Persistence> {
  const db = await subject.open(shop);
  const em = db.em();
  for (const id of ['x~', 'x', '1', '1:1']) {
    const order = em.create(Order, { id, customer: `customer of ${id}` });
    for (const no of [1, 11]) {
      const line = em.create(Line, { order, no, quantity: no * 10 });
      for (const position of [1, 2]) em.create(Part, { line, position, name: `${id} ${no} ${position}` });
    }
  }
  await em.flush();
  return db;
}

const composite: Laws = {
  'findById takes all parts of a key, and finds exactly its row': async (subject) => {
    await using db = await openShop(subject);
    const em = db.em();
    for (const order of ['x~', 'x', '1', '1:1']) {
      for (const no of [1, 11]) {
        const line = await get(em.findById(Line, { order, no }));
        expect([line.order.id, line.no, line.quantity]).toEqual([order, no, no * 10]);
        expect((await em.findById(Line, { no, order })) === line).toBe(true);
      }
    }
    expect(await em.findById(Line, { order: 'x', no: 2 })).toBeNull();
    await expectCode(() => em.findById(Line, { order: 'x' } as never), 'validation');
    await expectCode(() => em.findById(Line, 1 as never), 'validation');
  },
  'a key may contain a composite key': async (subject) => {
    await using db = await openShop(subject);
    const em = db.em();
    const part = await get(em.findById(Part, { line: { order: 'x', no: 11 }, position: 2 }));
    expect([part.name, part.line.id]).toEqual(['x 11 2', { no: 11, order: 'x' }]);
    expect((await part.line.load()).quantity).toBe(110);
    part.name = 'renamed';
    await em.flush();
    expect((await get(db.em().findById(Part, { position: 2, line: { no: 11, order: 'x' } }))).name).toBe('renamed');
    await expectCode(() => em.findById(Part, { line: { order: 'x' }, position: 2 } as never), 'validation');
    await expectCode(() => em.findById(Part, { line: 1, position: 2 } as never), 'validation');
  },
  'rows with composite keys are updated and deleted exactly': async (subject) => {
    await using db = await openShop(subject);
    const em = db.em();
    for (const line of await em.find(Line)) line.quantity += 1;
    await em.flush();
    expect((await db.em().find(Line)).every((line) => line.quantity === line.no * 10 + 1)).toBe(true);
    em.remove(await get(em.findById(Line, { order: 'x', no: 1 })));
    await em.flush();
    expect([await db.em().count(Line), await db.em().count(Part)]).toEqual([7, 14]);
    em.remove(await get(em.findById(Order, 'x~')));
    await em.flush();
    expect([await db.em().count(Order), await db.em().count(Line), await db.em().count(Part)]).toEqual([3, 5, 10]);
  },
  'collections over composite keys are loaded, counted and matched': async (subject) => {
    await using db = await openShop(subject);
    const statements = watchStatements(db);
    const orders = await db.em().find(Order, {}, { populate: ['lines.parts'] });
    expect(statements.texts).toHaveLength(3);
    expect(
      orders.every(
        (order) => order.lines.length === 2 && order.lines.toArray().every((line) => line.parts.length === 2),
      ),
    ).toBe(true);
    const line = await get(db.em().findById(Line, { order: '1', no: 11 }));
    expect([await line.parts.count(), (await line.parts.matching({ position: 2 })).map(({ name }) => name)]).toEqual([
      2,
      ['1 11 2'],
    ]);
  },
  'criteria take composite keys, entities and nested criteria': async (subject) => {
    await using db = await openShop(subject);
    const em = db.em();
    const line = await get(em.findById(Line, { order: '1', no: 11 }));
    expect(await em.count(Part, { line })).toBe(2);
    expect(await em.count(Part, { line: { order: { customer: 'customer of 1' }, quantity: gt(50) } })).toBe(2);
    expect(await em.count(Line, { order: 'x' })).toBe(2);
    expect(await em.count(Order, { lines: some<Line>({ parts: some<Part>({ name: '1:1 1 1' }) }) })).toBe(1);
  },
  'a foreign key of several columns may be NULL as a whole': async (subject) => {
    await using db = await openShop(subject);
    const em = db.em();
    const line = await get(em.findById(Line, { order: 'x', no: 1 }));
    const [with1, without] = [em.create(Delivery, { note: 'with', line }), em.create(Delivery, { note: 'without' })];
    await em.flush();
    expect([with1.line.id, without.line.id]).toEqual([{ order: 'x', no: 1 }, null]);
    const read = await db.em().find(Delivery, {}, { populate: ['line'], limit: 5, orderBy: { id: 'asc' } });
    expect(read.map((delivery) => delivery.line.get()?.quantity ?? null)).toEqual([10, null]);
    const many = await db.em().find(Delivery, {}, { populate: ['line.order'], orderBy: { id: 'asc' } });
    expect(many.map((delivery) => delivery.line.get()?.order.get().id ?? null)).toEqual(['x', null]);
    with1.line.set(null);
    without.line.set(line);
    await em.flush();
    expect(await db.em().count(Delivery, { note: 'with', line: null })).toBe(1);
    expect(await db.em().count(Delivery, { note: 'without', line: { order: { id: 'x' } } })).toBe(1);
  },
  'a link table over composite keys': async (subject) => {
    await using db = await openShop(subject);
    const em = db.em();
    const line = await get(em.findById(Line, { order: 'x', no: 1 }));
    const names: [string, string][] = [
      ['b', 'a,b'],
      ['a', 'b,b'],
      ['a,b', 'b'],
      ['a', 'b'],
    ];
    line.labels.add(...names.map(([scope, name]) => em.create(Label, { scope, name, uses: 0 })));
    await em.flush();
    const read = await get(db.em().findById(Line, { order: 'x', no: 1 }, { populate: ['labels.lines'] }));
    expect(read.labels.toArray().map((label) => [label.scope, label.name])).toEqual([
      ['a', 'b'],
      ['a', 'b,b'],
      ['a,b', 'b'],
      ['b', 'a,b'],
    ]);
    expect(read.labels.toArray().every((label) => label.lines.toArray()[0] === read)).toBe(true);
    line.labels.remove(...(await line.labels.load()).filter(({ scope }) => scope === 'a'));
    await em.flush();
    expect(
      (await (await get(db.em().findById(Line, { order: 'x', no: 1 }))).labels.load()).map(({ scope }) => scope),
    ).toEqual(['a,b', 'b']);
  },
  'JSON shows composite keys': async (subject) => {
    await using db = await openShop(subject);
    const [part] = await db
      .em()
      .find(Part, { line: { order: 'x', no: 1 } }, { populate: ['line.parts'], orderBy: { position: 'asc' } });
    expect(JSON.parse(JSON.stringify(part))).toEqual({ position: 1, name: 'x 1 1', line: { no: 1, order: 'x' } });
    expect(JSON.parse(JSON.stringify(part?.line.get()))).toMatchObject({
      no: 1,
      order: 'x',
      parts: [{ position: 1, line: { no: 1, order: 'x' } }, { position: 2 }],
    });
    const fresh = new Line({ no: 5, quantity: 1 });
    expect(JSON.parse(JSON.stringify(fresh))).toEqual({ no: 5, quantity: 1 });
    // An order whose key only its flush would make is not there for JSON yet.
    const em = db.em();
    const later = em.create(Part, { position: 9, name: 'later', line: fresh });
    em.persist(fresh);
    expect(JSON.parse(JSON.stringify(later))).toEqual({ position: 9, name: 'later' });
  },
};

const kinds: Laws = {
  'bytes are keys by their content': async (subject) => {
    await using db = await subject.open(shop);
    const em = db.em();
    const keys = [[], [0], [0, 0], [1, 2], [12], [255]];
    for (const bytes of keys) em.create(Blob, { hash: new Uint8Array(bytes), note: bytes.join() });
    await em.flush();
    for (const bytes of keys)
      expect((await get(db.em().findById(Blob, new Uint8Array(bytes)))).note).toBe(bytes.join());
    const reader = db.em();
    for (const blob of await reader.find(Blob)) blob.note += '!';
    await reader.flush();
    expect((await db.em().find(Blob)).every(({ note, hash }) => note === `${[...hash].join()}!`)).toBe(true);
    reader.remove(await get(reader.findById(Blob, new Uint8Array([1, 2]))));
    await reader.flush();
    expect(await db.em().count(Blob)).toBe(5);
  },
  'JSON shows bigint keys of related entities as text': async (subject) => {
    await using db = await subject.open(shop);
    const em = db.em();
    const first = em.create(Counter, { id: 1n, note: 'first' });
    const second = em.create(Counter, { id: 2n ** 60n, note: 'second', next: first });
    await em.flush();
    const [read] = await db.em().find(Counter, { id: 1n }, { populate: ['before'] });
    expect(JSON.parse(JSON.stringify([read, second]))).toEqual([
      { id: '1', note: 'first', next: null, before: ['1152921504606846976'] },
      { id: '1152921504606846976', note: 'second', next: '1', before: [] },
    ]);
  },
  'bigints are exact keys and foreign keys': async (subject) => {
    await using db = await subject.open(shop);
    const em = db.em();
    let next: Counter | null = null;
    const ids = [1n, 2n ** 53n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n];
    for (const id of ids) next = em.create(Counter, { id, note: `${id}`, next });
    await em.flush();
    const reader = db.em();
    for (const [index, id] of ids.entries()) {
      const counter = await get(reader.findById(Counter, id));
      expect([counter.id, counter.note, counter.next.id]).toEqual([id, `${id}`, ids[index - 1] ?? null]);
      expect((await counter.next.load())?.note).toBe(ids[index - 1]?.toString());
    }
    expect(await db.em().count(Counter, { id: isIn(ids), next: { id: 2n ** 53n } })).toBe(1);
    expect(JSON.parse(JSON.stringify(await get(db.em().findById(Counter, 2n ** 53n))))).toEqual({
      id: '9007199254740992',
      note: '9007199254740992',
      next: '1',
    });
  },
};

async function openMedia(subject: Subject): Promise<Persistence> {
  const db = await subject.open(mediaLibrary);
  const em = db.em();
  const [shelf, other] = [em.create(Shelf, { room: 'a' }), em.create(Shelf, { room: 'b' })];
  const director = em.create(Director, { name: 'Varda' });
  em.create(Medium, { title: 'plain', shelf });
  em.create(Novel, { title: 'novel', pages: 500, shelf });
  em.create(Film, { title: 'film', minutes: 90, director, shelf });
  em.create(Documentary, { title: 'documentary', minutes: 60, subject: 'bees', director, shelf: other });
  await em.flush();
  return db;
}

const titles = (media: readonly Medium[]): string[] => media.map(({ title }) => title);
const byId = { orderBy: { id: 'asc' } } as const;
const find = async (em: EntityManager) => titles(await em.find(Medium, {}, byId));

const inheritance: Laws = {
  'a row is an object of its own class, whoever asks': async (subject) => {
    await using db = await openMedia(subject);
    const all = await db.em().find(Medium, {}, byId);
    expect(all.map((medium) => medium.constructor)).toEqual([Medium, Novel, Film, Documentary]);
    expect(all[1] instanceof Novel && all[1].isLong).toBe(true);
    expect(JSON.parse(JSON.stringify(all[1]))).toEqual({ id: 2, title: 'novel', version: 1, pages: 500, shelf: 1 });
  },
  'a class finds itself and what is below it': async (subject) => {
    await using db = await openMedia(subject);
    expect(titles(await db.em().find(Film, {}, byId))).toEqual(['film', 'documentary']);
    expect(titles(await db.em().find(Documentary))).toEqual(['documentary']);
    expect(titles(await db.em().find(Film, { minutes: gt(70) }))).toEqual(['film']);
    expect(titles(await db.em().find(Film, not<Film>({ minutes: gt(70) })))).toEqual(['documentary']);
    expect([await db.em().count(Novel), await db.em().count(Film), await db.em().exists(Documentary)]).toEqual([
      1,
      2,
      true,
    ]);
  },
  'findById gives null for a row of another class': async (subject) => {
    await using db = await openMedia(subject);
    const em = db.em();
    expect(await em.findById(Novel, 3)).toBeNull();
    expect((await em.findById(Film, 4))?.title).toBe('documentary');
    expect(await em.findById(Novel, 4)).toBeNull();
    expect(((await em.findById(Medium, 2)) as Novel).pages).toBe(500);
  },
  'subtypes are changed, versioned and deleted like others': async (subject) => {
    await using db = await openMedia(subject);
    const em = db.em();
    for (const medium of await em.find(Medium)) {
      medium.title += '!';
      if (medium instanceof Novel) medium.pages = 1;
      if (medium instanceof Documentary) medium.subject = 'wasps';
    }
    await em.flush();
    expect(await find(db.em())).toEqual(['plain!', 'novel!', 'film!', 'documentary!']);
    const documentary = await get(db.em().findById(Documentary, 4));
    expect([documentary.subject, documentary.minutes, documentary.version]).toEqual(['wasps', 60, 2]);
    em.remove(...(await em.find(Film)));
    await em.flush();
    expect(await find(db.em())).toEqual(['plain!', 'novel!']);
  },
  'a relation to the top holds rows of any class, one to a subtype only its own': async (subject) => {
    await using db = await openMedia(subject);
    const [shelf] = await db.em().find(Shelf, {}, { populate: ['media', 'novels'], ...byId });
    expect([titles(shelf?.media.toArray() ?? []), titles(shelf?.novels.toArray() ?? [])]).toEqual([
      ['plain', 'novel', 'film'],
      ['novel'],
    ]);
    const em = db.em();
    const loaded = await get(em.findById(Shelf, 1));
    expect([await loaded.media.count(), await loaded.novels.count()]).toEqual([3, 1]);
    expect(titles(await loaded.novels.matching({}))).toEqual(['novel']);
    expect(titles(await loaded.novels.load())).toEqual(['novel']);
    expect(await em.count(Shelf, { novels: some<Novel>({}) })).toBe(1);
    expect(await em.count(Shelf, { media: some<Medium>({ title: 'documentary' }), novels: some<Novel>({}) })).toBe(0);
  },
  'relations of a subtype are populated from the top': async (subject) => {
    await using db = await openMedia(subject);
    const all = await db.em().find(Medium, {}, { populate: ['director', 'shelf'] as never[], ...byId });
    expect(all.map((medium) => (medium instanceof Film ? medium.director.id : null))).toEqual([null, null, 1, 1]);
    const [director] = await db.em().find(Director, {}, { populate: ['films.shelf'] });
    expect(titles(director?.films.toArray() ?? [])).toEqual(['film', 'documentary']);
    expect(director?.films.toArray().map((film) => film.shelf.get()?.room)).toEqual(['a', 'b']);
  },
  'a subtype has its own required values, and the table takes rows without them': async (subject) => {
    await using db = await openMedia(subject);
    const em = db.em();
    em.create(Novel, { title: 'no pages' } as never);
    expect(await expectCode(() => em.flush(), 'validation')).toMatchObject({ property: 'pages' });
    const lost = db.em();
    lost.create(Film, { title: 'no director', minutes: 1 } as never);
    expect(await expectCode(() => lost.flush(), 'validation')).toMatchObject({ property: 'director' });
    await expectCode(() => db.em().find(Novel, { minutes: 1 } as never), 'validation');
    await expectCode(() => db.em().find(Medium, { pages: 1 } as never), 'validation');
  },
  'rows of several classes are inserted with their keys': async (subject) => {
    await using db = await openMedia(subject);
    const em = db.em();
    const created = Array.from({ length: 30 }, (_, n) =>
      n % 3 === 0 ? em.create(Medium, { title: `${n}` }) : em.create(Novel, { title: `${n}`, pages: n }),
    );
    await em.flush();
    for (const medium of created) expect((await get(db.em().findById(Medium, medium.id))).title).toBe(medium.title);
  },
};

/** Composite keys, keys of every kind, and hierarchies of classes in one table. */
export function keySuite(subject: Subject): void {
  describe(`${subject.name}: inheritance and composite keys`, () => {
    registerLaws(subject, 'inheritance and composite keys', { ...composite, ...kinds, ...inheritance });
  });
}
