// One cold start: the program's import, then its first run, in which each instantiates sql.js (its module was imported before).
import initSqlJs from 'sql.js';
import { EXPECTED } from '../program/result.mjs';

const start = performance.now();
const { run } = await import(process.argv[2]);
const imported = performance.now();
const read = await run(initSqlJs);
const ran = performance.now();
if (read !== EXPECTED) throw new Error(`${process.argv[2]} read ${read}, not ${EXPECTED}`);
process.stdout.write(
  `${JSON.stringify({ import: imported - start, run: ran - imported, rss: process.memoryUsage().rss })}\n`,
);
process.exit(0);
