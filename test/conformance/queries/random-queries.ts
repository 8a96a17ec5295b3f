import type { Laws } from '../laws.ts';
import { openRows, playQueries } from './random/play-queries.ts';

/** How many of each kind run on every engine. */
const RUNS = Number(process.env.MESHESTRA_QUERIES ?? 40);

/** Queries that nobody thought of. */
export const randomQueries: Laws = {
  'random queries give the rows that a trivial reference gives': async (subject) => {
    await using db = await openRows(subject);
    await playQueries(db, RUNS);
  },
};
