import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { engineTitle } from '../engines/find-engine.ts';
import type { FoundEngine } from '../engines/locate-engine.ts';
import { createScratchDatabase } from '../engines/scratch-database.ts';
import { watchSessions } from '../engines/server-sessions.ts';
import { type ServerAdapter, until } from './server-adapter.ts';

const PROGRAM = fileURLToPath(new URL('./load-program.mjs', import.meta.url));
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const MAX = 12;
const SESSIONS = 50;
const ROUNDS = 20;
const EACH = SESSIONS * ROUNDS;
/** A program that has not ended by itself by then hangs on something it left open. */
const LIMIT_MS = 120_000;

/**
 * A fixed count of operations over fifty sessions at once, in a process of its own that has to end by itself: afterwards
 * no connection, listener, timer or socket is left. Runs the built package.
 */
export function loadSuite(adapter: Pick<ServerAdapter, 'name' | 'engine'>, engine: FoundEngine): void {
  describe.skipIf(engine.missing !== undefined)(engineTitle(`${adapter.name} under load`, engine), () => {
    it(`${EACH * 8} operations over ${SESSIONS} sessions leave nothing behind`, { timeout: 2 * LIMIT_MS }, async () => {
      const scratch = await createScratchDatabase(adapter.engine, engine);
      const sessions = await watchSessions(adapter.engine, engine.url as string);
      const argument = JSON.stringify({
        adapter: adapter.name,
        engine: adapter.engine,
        url: scratch.url,
        max: MAX,
      });
      const started = performance.now();
      const { stdout, stderr } = await promisify(execFile)(process.execPath, [PROGRAM, argument], {
        cwd: ROOT,
        timeout: LIMIT_MS,
        killSignal: 'SIGKILL',
      });
      const seconds = (performance.now() - started) / 1000;
      const result = JSON.parse(stdout) as LoadResult;
      process.stdout.write(`${adapter.name}, load: ${seconds.toFixed(1)} s, ${JSON.stringify(result.counts)}\n`);
      expect(stderr).toBe('');
      expectAllDone(result);
      expectNothingLeft(result);
      await until(async () => (await sessions.of(scratch.name)).length === 0);
      await sessions.close();
      await scratch.drop();
    });
  });
}

/** What the program tells when it has closed its database. */
interface LoadResult {
  readonly counts: Readonly<Record<string, number>>;
  readonly visits: number;
  readonly customers: number;
  readonly orders: number;
  readonly openSessions: number;
  readonly pool: Readonly<Record<'total' | 'active' | 'idle' | 'waiting' | 'max', number>>;
  readonly warnings: readonly string[];
  readonly leftListeners: number;
  readonly liveResults: number;
  readonly processListeners: { readonly before: string; readonly after: string };
  readonly resources: readonly string[];
}

function expectAllDone({ counts, visits, customers, orders, liveResults }: LoadResult): void {
  expect(counts).toMatchObject({
    flush: EACH,
    find: EACH,
    transaction: EACH,
    'not-found': EACH,
    'unique-violation': EACH,
    aborted: EACH,
    'statement-timeout': EACH,
    increment: EACH,
  });
  expect({ visits, customers, orders }).toEqual({ visits: EACH, customers: 10 + 2 * EACH, orders: 4 * EACH });
  expect(liveResults).toBeGreaterThan(1);
}

function expectNothingLeft(result: LoadResult): void {
  const { openSessions, pool, warnings, leftListeners, processListeners, resources } = result;
  expect(pool).toMatchObject({ active: 0, waiting: 0 });
  expect(pool.total).toBe(openSessions);
  expect(openSessions).toBeLessThanOrEqual(MAX);
  expect({ warnings, leftListeners, resources }).toEqual({ warnings: [], leftListeners: 0, resources: [] });
  expect(processListeners.after).toBe(processListeners.before);
}
