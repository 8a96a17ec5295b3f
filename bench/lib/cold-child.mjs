// One cold start: sql.js is loaded first and not counted (it is the same for all); then the program's import and its first run.
import initSqlJs from 'sql.js';
import { EXPECTED } from '../program/result.mjs';

const SQL = await initSqlJs();
const warm = new SQL.Database(); // WebAssembly is compiled lazily: what every program needs of it is compiled before the clock starts
warm.exec(
  'create table t (id integer primary key, a text); begin; insert into t (a) values (1), (2) returning id; commit; select * from t order by a',
);
warm.close();
const start = performance.now();
const { run } = await import(process.argv[2]);
const imported = performance.now();
const read = await run(SQL);
const ran = performance.now();
if (read !== EXPECTED) throw new Error(`${process.argv[2]} read ${read}, not ${EXPECTED}`);
process.stdout.write(
  `${JSON.stringify({ import: imported - start, run: ran - imported, rss: process.memoryUsage().rss })}\n`,
);
process.exit(0);
