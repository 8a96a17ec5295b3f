import { expect, it } from 'vitest';
import type { Connection, Outcome, Statement } from '../../../src/port.ts';
import { expectCode } from '../../conformance/laws.ts';
import type { Fault, HttpGateway } from './http-gateway.ts';

/** A driver over HTTP, behind a gateway that takes at most 100,000 bytes. */
export interface FaultStage {
  /** A new database with a table `t` of `id` and `note`; no request is counted yet. */
  open(options?: { readonly statementTimeout?: number }): Promise<Connection>;
  gateway(): HttpGateway;
  insert(id: number, note: string): Statement;
  /** Inserts a row after five seconds. */
  readonly slowInsert: Statement;
  /** Whether the server runs such a statement. */
  isRunning(): Promise<boolean>;
}

const ONE: Statement = { sql: 'SELECT 1', params: [] };
/** Statements that write `t`, and that write nothing, as the core tells it. */
const WRITE = { writes: ['t'] };
const READ = { writes: [] };

const LOST: readonly (readonly [Fault, done: boolean])[] = [
  ['answer lost', true],
  ['answer cut', true],
  ['request lost', false],
  [{ status: 502, body: '<html>bad gateway</html>' }, false],
  [{ doneBut: 504 }, true],
  [{ status: 500 }, false],
];

/** What becomes of single statements where something fails on the way to the database, or takes too long. */
export function faultTests(stage: FaultStage): void {
  const { open, gateway, insert, slowInsert } = stage;
  const ids = async (connection: Connection) =>
    (await connection.execute({ sql: 'SELECT id FROM t ORDER BY id', params: [] }, READ)).rows.map(([id]) => id);
  const count = () => gateway().requests.length;

  for (const [fault, done] of LOST) {
    it(`does not know what became of a write after ${JSON.stringify(fault)}, and never repeats it`, async () => {
      const connection = await open();
      gateway().fail(fault);
      const error = await expectCode(() => connection.execute(insert(1, 'n'), WRITE), 'connection');
      expect(error).toMatchObject({ outcome: 'unknown', retryable: false });
      expect(count()).toBe(1);
      expect(await ids(connection)).toEqual(done ? [1] : []);
    });

    it(`knows that nothing is lost with a read after ${JSON.stringify(fault)}`, async () => {
      const connection = await open();
      gateway().fail(fault);
      const error = await expectCode(() => ids(connection), 'connection');
      expect(error).toMatchObject({ outcome: 'rolled-back', retryable: true });
      expect(count()).toBe(1);
    });
  }

  it('says that a request is too large, and that nothing of it was done', async () => {
    const connection = await open();
    const error = await expectCode(() => connection.execute(insert(1, 'x'.repeat(120_000)), WRITE), 'validation');
    expect(error).toMatchObject({ outcome: 'rolled-back', retryable: false });
    expect(error.message).not.toContain('xxx');
    expect(await ids(connection)).toEqual([]);
  });

  it.each([
    [429, true],
    [401, false],
    [403, false],
    [404, false],
  ])('takes a status %i for a refusal before anything was done', async (status, retryable) => {
    const connection = await open();
    gateway().fail({ status });
    const error = await expectCode(() => connection.execute(insert(1, 'n'), WRITE), 'connection');
    expect(error).toMatchObject({ outcome: 'rolled-back', retryable });
  });

  it.each<[kind: string, options: object, outcome: Outcome]>([
    ['write', WRITE, 'unknown'],
    ['read', READ, 'rolled-back'],
    ['raw statement', {}, 'unknown'],
  ])('gives a slow %s up when its time is over', async (_kind, options, outcome) => {
    const connection = await open({ statementTimeout: 300 });
    gateway().fail({ late: 1500 });
    const error = await expectCode(() => connection.execute(ONE, options), 'statement-timeout');
    expect(error).toMatchObject({ outcome });
    expect(error.message).toContain('300 ms');
    expect((await connection.execute(ONE)).rows).toEqual([[1]]);
  });

  it('gives a request up when its signal fires, and the server stops the statement', async () => {
    const connection = await open();
    const abort = new AbortController();
    const failing = expectCode(() => connection.execute(slowInsert, { ...WRITE, signal: abort.signal }), 'aborted');
    while (!(await stage.isRunning())) await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort(new Error('mine'));
    expect(await failing).toMatchObject({ outcome: 'unknown', cause: { message: 'mine' } });
    while (await stage.isRunning()) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await ids(connection)).toEqual([]);
  });

  it('sends nothing when the signal has fired before', async () => {
    const connection = await open();
    const signal = AbortSignal.abort();
    const error = await expectCode(() => connection.execute(insert(1, 'n'), { ...WRITE, signal }), 'aborted');
    expect([error, count()]).toMatchObject([{ outcome: 'rolled-back' }, 0]);
  });
}
