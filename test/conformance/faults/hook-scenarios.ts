import type { EntityManager } from '../../../src/index.ts';
import { Line, Page, wiki } from '../model/wiki.ts';
import type { Model } from './fail-each.ts';
import { flushed, only, type Scenarios } from './scenario.ts';

/** Three pages with two lines each, whose hooks count and note what happens to them. */
export const wikiModel: Model = {
  entities: wiki,
  seed(em) {
    for (const title of ['one', 'two', 'three']) {
      const page = em.create(Page, { title });
      for (const body of ['a', 'b']) em.create(Line, { body: `${title} ${body}`, page });
    }
  },
};

const page = async (em: EntityManager, title: string) => only(await em.find(Page, { title }, { populate: ['lines'] }));

/** Flushes whose hooks change what is written. */
export const hooked: Scenarios = {
  'rows that hooks fill and count': flushed(async (em) => {
    const [one, two] = [await page(em, 'one'), await page(em, 'two')];
    one.title = 'edited';
    one.log.push('by hand');
    one.lines.clear();
    em.remove(two);
    return [one, two, em.create(Page, { title: 'made' })];
  }),
  'rows that hooks fill and count, in a transaction and a savepoint': {
    edits: () => [
      async (em) => {
        const one = await page(em, 'one');
        one.title = 'edited';
        return [one];
      },
      (tx) => [tx.create(Page, { title: 'made' })],
    ],
    write: (em, next, limits) =>
      em.transaction(async (tx) => {
        await tx.flush();
        await tx.transaction(async (inner) => {
          await next(inner);
          await inner.flush();
        });
      }, limits),
  },
};
