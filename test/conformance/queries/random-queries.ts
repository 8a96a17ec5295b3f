import type { Laws } from '../laws.ts';
import { openRows, playQueries, playWrites } from './random/play-queries.ts';

/** How many of each kind run on every engine. */
const RUNS = Number(process.env.MESHESTRA_QUERIES ?? 40);

/** Queries and writes that nobody thought of. */
export const randomQueries: Laws = {
  'random queries give the rows that a trivial reference gives': async (subject) => {
    await using db = await openRows(subject);
    await playQueries(db, RUNS);
  },
  'random writes of many rows leave the rows that a trivial reference has': async (subject) => {
    await using db = await openRows(subject);
    await playWrites(db, RUNS);
  },
};
