// Runs one bundle. One built for a browser gets a `window`; whether it then works is part of the report.
import initSqlJs from 'sql.js';
import { EXPECTED } from '../program/result.mjs';

const [, , file, platform] = process.argv;
if (platform === 'browser') globalThis.window = globalThis;
let answer;
try {
  const { run } = await import(file);
  const read = await run(initSqlJs);
  answer = read === EXPECTED ? { runs: true } : { runs: false, why: `read ${read}` };
} catch (error) {
  answer = { runs: false, why: error.message.split('\n')[0].slice(0, 120) };
}
process.stdout.write(`${JSON.stringify(answer)}\n`);
process.exit(0);
