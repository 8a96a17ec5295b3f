import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionError, type Lease } from '../../../../src/port.ts';
import { settle } from '../../../support/scripted-clock.ts';
import { type OpenAct, refused, type ScriptedConnection } from '../../../support/scripted-source.ts';
import { openPool } from './open-pool.ts';

type Act =
  | { readonly kind: 'acquire' }
  | { readonly kind: 'release' | 'destroy' | 'abort' | 'kill'; readonly which: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'answer' }
  | { readonly kind: 'script'; readonly open: 'hang' | 'refuse' | 'deny' };

const which = fc.nat(20);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Act>({ kind: 'acquire' }) },
  { weight: 4, arbitrary: which.map((index): Act => ({ kind: 'release', which: index })) },
  { weight: 1, arbitrary: which.map((index): Act => ({ kind: 'destroy', which: index })) },
  { weight: 1, arbitrary: which.map((index): Act => ({ kind: 'abort', which: index })) },
  { weight: 1, arbitrary: which.map((index): Act => ({ kind: 'kill', which: index })) },
  { weight: 2, arbitrary: fc.constantFrom(1, 99, 100, 1000).map((ms): Act => ({ kind: 'advance', ms })) },
  { weight: 1, arbitrary: fc.constant<Act>({ kind: 'answer' }) },
  { weight: 1, arbitrary: fc.constantFrom('hang', 'refuse', 'deny').map((open): Act => ({ kind: 'script', open })) },
);

const OPEN_ACTS: Readonly<Record<'hang' | 'refuse' | 'deny', () => OpenAct>> = {
  hang: () => 'hang',
  refuse: refused,
  deny: () => new ConnectionError('denied', { retryable: false }),
};

/** What came of the requests of one run. */
class Callers {
  readonly leases: Lease<ScriptedConnection>[] = [];
  readonly controllers: AbortController[] = [];
  readonly errors: string[] = [];
  asked = 0;
  granted = 0;

  ask(opened: ReturnType<typeof openPool>): void {
    const controller = new AbortController();
    this.controllers.push(controller);
    this.asked += 1;
    opened.pool.acquire(controller.signal).then(
      (lease) => {
        this.granted += 1;
        this.leases.push(lease);
      },
      (error: { code: string }) => this.errors.push(error.code),
    );
  }

  /** Takes a lease out of those that are held. */
  take(index: number): Lease<ScriptedConnection> | undefined {
    return this.leases.splice(index % Math.max(1, this.leases.length), 1)[0];
  }
}

async function perform(one: Act, callers: Callers, opened: ReturnType<typeof openPool>): Promise<void> {
  const { source, clock } = opened;
  if (one.kind === 'acquire') callers.ask(opened);
  if (one.kind === 'release') callers.take(one.which)?.release();
  if (one.kind === 'destroy') callers.take(one.which)?.destroy('suspect');
  if (one.kind === 'abort') callers.controllers[one.which % Math.max(1, callers.controllers.length)]?.abort();
  if (one.kind === 'kill') source.dead.set(one.which, new Error('dead'));
  if (one.kind === 'advance') await clock.advance(one.ms);
  if (one.kind === 'answer') source.answer();
  if (one.kind === 'script') source.script.push(OPEN_ACTS[one.open]());
}

/** Laws that hold after every act. */
function expectLaws(callers: Callers, { pool, source }: ReturnType<typeof openPool>, max: number): void {
  const state = pool.state();
  expect(state.active).toBe(callers.leases.length);
  expect(state.active).toBeLessThanOrEqual(max);
  expect(source.peak).toBeLessThanOrEqual(max);
  expect(callers.granted + callers.errors.length + state.waiting).toBe(callers.asked);
  const ids = callers.leases.map(({ connection }) => connection.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { connection } of callers.leases) expect(connection.state).toBe('lent');
}

describe('leases', () => {
  it('never exceed max, are never two of one connection, and none is lost, whatever happens', async () => {
    const runs = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.array(act, { maxLength: 60 }));
    await fc.assert(
      fc.asyncProperty(runs, async ([max, acts]) => {
        const opened = openPool({ max, acquireTimeout: 1000, checkAfter: 100 });
        const callers = new Callers();
        for (const one of acts) {
          await perform(one, callers, opened);
          await settle();
          expectLaws(callers, opened, max);
        }
        // Whatever hung or failed is over: as many as before can work at once, so that no place was lost.
        opened.source.script.length = 0;
        opened.source.answer();
        await opened.clock.advance(10_000);
        for (const lease of callers.leases.splice(0)) lease.release();
        await settle();
        opened.source.dead.clear();
        const all = await Promise.all(Array.from({ length: max }, () => opened.pool.acquire()));
        expect(opened.pool.state()).toMatchObject({ active: max, waiting: 0 });
        for (const lease of all) lease.release();
        await opened.pool.close();
        expect(opened.source.open).toBe(0);
        expect(opened.clock.sleeping).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
