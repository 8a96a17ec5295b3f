import {
  City,
  Counter,
  Country,
  circles,
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
} from '../model/shop.ts';
import type { Model } from './fail-each.ts';
import { flushed, only, type Scenarios } from './scenario.ts';

/** Two orders with lines and parts, labels, a delivery and a chain of counters. */
export const shopModel: Model = {
  entities: shop,
  seed(em) {
    const label = em.create(Label, { scope: 's', name: 'l', uses: 1 });
    for (const id of ['x', 'y']) {
      const order = em.create(Order, { id, customer: `customer of ${id}` });
      for (const no of [1, 2]) {
        const line = em.create(Line, { order, no, quantity: no * 10, labels: no === 1 ? [label] : [] });
        for (const position of [1, 2]) em.create(Part, { line, position, name: `${id}${no}${position}` });
        em.create(Delivery, { note: `${id}${no}`, line });
      }
    }
    const next = em.create(Counter, { id: 2n ** 60n, note: 'last' });
    em.create(Counter, { id: 1n, note: 'first', next });
  },
};

/** Keys of several columns, and of other types. */
export const composite: Scenarios = {
  'new rows whose keys hold the keys of other new rows': flushed((em) => {
    const order = em.create(Order, { id: 'new', customer: 'new' });
    const line = em.create(Line, { order, no: 1, quantity: 1 });
    const label = em.create(Label, { scope: 'new', name: 'new', uses: 0 });
    line.labels.add(label);
    const part = em.create(Part, { line, position: 1, name: 'new' });
    return [order, line, label, part, em.create(Delivery, { note: 'new', line })];
  }),
  'rows of composite keys that change and go, with links': flushed(async (em) => {
    const lines = (await em.find(
      Line,
      { order: 'x' },
      { orderBy: { no: 'asc' }, populate: ['labels'] },
    )) as unknown as [Line, Line];
    const parts = await em.find(Part, { line: { order: 'y' } }, { orderBy: { name: 'asc' } });
    lines[0].quantity = 99;
    lines[0].labels.clear();
    lines[1].labels.add(only(await em.find(Label, {})));
    for (const part of parts.slice(0, 2)) part.name += '!';
    em.remove(...parts.slice(2));
    return [...lines, ...parts];
  }),
  'foreign keys of two columns that are set, moved, and emptied': flushed(async (em) => {
    const deliveries = await em.find(Delivery, {}, { orderBy: { note: 'asc' } });
    const [one, two, three] = deliveries as [Delivery, Delivery, Delivery];
    const line = only(await em.find(Line, { order: 'y', no: 2 }));
    one.line.set(line);
    two.line.set(null);
    three.note = 'kept';
    return [...deliveries, line, em.create(Delivery, { note: 'new', line })];
  }),
  'an order that goes with its lines and their parts': flushed(async (em) => {
    const deliveries = await em.find(Delivery, {}, { orderBy: { note: 'asc' } });
    for (const delivery of deliveries) delivery.line.set(null);
    const lines = await em.find(Line, { order: 'x' }, { populate: ['labels'] });
    for (const line of lines) line.labels.clear();
    const order = only(await em.find(Order, { id: 'x' }));
    em.remove(order);
    return [...deliveries, ...lines, order];
  }),
  'large keys in a chain that is closed to a ring': flushed(async (em) => {
    const counters = await em.find(Counter, {}, { orderBy: { note: 'asc' } });
    const [first, last] = counters as [Counter, Counter];
    last.next.set(em.create(Counter, { id: 2n ** 61n, note: 'newest', next: first }));
    return counters;
  }),
};

/** A shelf with a novel, a film and a documentary. */
export const mediaModel: Model = {
  entities: mediaLibrary,
  seed(em) {
    const [shelf, director] = [em.create(Shelf, { room: 'hall' }), em.create(Director, { name: 'D' })];
    em.create(Shelf, { room: 'attic' });
    em.create(Novel, { title: 'novel', pages: 10, shelf });
    em.create(Film, { title: 'film', minutes: 90, director, shelf });
    em.create(Documentary, { title: 'documentary', minutes: 50, subject: 'sea', director });
  },
};

/** Classes that share a table. */
export const inherited: Scenarios = {
  'new rows of every class of a hierarchy': flushed((em) => {
    const [shelf, director] = [em.create(Shelf, { room: 'new' }), em.create(Director, { name: 'new' })];
    return [
      shelf,
      director,
      em.create(Medium, { title: 'new medium', shelf }),
      em.create(Novel, { title: 'new novel', pages: 1, shelf }),
      em.create(Film, { title: 'new film', minutes: 1, director }),
      em.create(Documentary, { title: 'new documentary', minutes: 1, subject: 's', director, shelf }),
    ];
  }),
  'rows of a hierarchy that change, move and go': flushed(async (em) => {
    const novel = only(await em.find(Novel, {}));
    const film = only(await em.find(Film, { title: 'film' }));
    const documentary = only(await em.find(Documentary, {}));
    const attic = only(await em.find(Shelf, { room: 'attic' }));
    novel.pages = 500;
    novel.shelf.set(attic);
    film.subtitle = 'sub';
    film.director.set(em.create(Director, { name: 'other' }));
    em.remove(documentary);
    return [novel, film, documentary, attic];
  }),
};

/** A country with two cities, one its capital. */
export const circleModel: Model = {
  entities: circles.slice(0, 2),
  seed(em) {
    const country = em.create(Country, { name: 'F' });
    const [capital] = ['P', 'L'].map((name) => em.create(City, { name, country })) as [City];
    country.capital.set(capital);
  },
};

/** Tables that refer to each other. */
export const circular: Scenarios = {
  'new rows that refer to each other': flushed((em) => {
    const country = em.create(Country, { name: 'new' });
    const capital = em.create(City, { name: 'new', country });
    country.capital.set(capital);
    return [country, capital];
  }),
  'another capital, and the old one gone': flushed(async (em) => {
    const country = only(await em.find(Country, {}, { populate: ['capital'] })) as unknown as Country;
    const former = (await country.capital.load()) as City;
    country.capital.set(only(await em.find(City, { name: 'L' })));
    em.remove(former);
    return [country, former];
  }),
  'a circle that goes as a whole': flushed(async (em) => {
    const [country, cities] = [only(await em.find(Country, {})), await em.find(City, {}, { orderBy: { name: 'asc' } })];
    em.remove(country, ...cities);
    return [country, ...cities];
  }),
};
