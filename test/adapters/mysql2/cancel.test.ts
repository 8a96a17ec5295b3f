import { describe, expect, it } from 'vitest';
import { failureOf, type Opened, openTestServer } from './server.ts';

const server = await openTestServer();

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves once the database runs as many statements as said. */
async function untilRunning(count: number): Promise<readonly number[]> {
  const sessions = server.sessions();
  for (;;) {
    const running = await sessions.running(await sessions.of(server.database().name));
    if (running.length === count) return running;
    await sleep(5);
  }
}

const longSelect = 'SELECT SLEEP(60)';

const abortable = (on: Opened, sql: string) => {
  const controller = new AbortController();
  const failure = failureOf(() => on.run(sql, [], controller.signal));
  return { controller, failure };
};

describe.skipIf(server.missing !== undefined)(server.title('Statements that mysql2 stops'), () => {
  it('a signal stops the statement on the server, and the connection goes on', async () => {
    await using on = await server.open({ pool: { max: 1 } });
    const id = await on.value('SELECT CONNECTION_ID()');
    const { controller, failure } = abortable(on, longSelect);
    await untilRunning(1);
    controller.abort(new Error('enough'));
    expect(await failure).toMatchObject({ code: 'aborted', outcome: 'rolled-back', cause: { message: 'enough' } });
    await untilRunning(0);
    expect(await on.value('SELECT CONNECTION_ID()')).toBe(id);
  });

  it('a write that is stopped leaves nothing', async () => {
    await using on = await server.open();
    await on.run('CREATE TABLE stopped (id BIGINT AUTO_INCREMENT PRIMARY KEY, n DOUBLE)');
    await on.run('INSERT INTO stopped (n) VALUES (1), (2), (3)');
    const { controller, failure } = abortable(on, 'UPDATE stopped SET n = n + 1 + SLEEP(30)');
    await untilRunning(1);
    controller.abort();
    expect(await failure).toMatchObject({ code: 'aborted' });
    expect((await on.run('SELECT n FROM stopped ORDER BY id')).rows).toEqual([[1], [2], [3]]);
  });

  it('inside a transaction only the statement is stopped', async () => {
    await using on = await server.open();
    await on.run('CREATE TABLE inside (id BIGINT PRIMARY KEY)');
    await on.transact(async (tx) => {
      await tx.execute({ sql: 'INSERT INTO inside VALUES (1)', params: [] });
      const controller = new AbortController();
      const failure = failureOf(() => tx.execute({ sql: longSelect, params: [] }, { signal: controller.signal }));
      await untilRunning(1);
      controller.abort();
      expect(await failure).toMatchObject({ code: 'aborted' });
      await tx.execute({ sql: 'INSERT INTO inside VALUES (2)', params: [] });
    });
    expect(await on.value('SELECT COUNT(*) FROM inside')).toBe(2);
  });

  it('a signal that fires as the answer arrives never stops the statement after it', async () => {
    await using on = await server.open({ pool: { max: 1 } });
    for (let round = 0; round < 40; round += 1) {
      const controller = new AbortController();
      const first = on.run('SELECT 1', [], controller.signal).catch((error: { code?: string }) => error.code);
      if (round % 2 === 0) await sleep(round / 20);
      controller.abort();
      expect(['aborted', { rows: [[1]] }]).toContainEqual(
        await first.then((found) => (typeof found === 'object' ? { rows: found.rows } : found)),
      );
      expect((await on.run('SELECT 2')).rows).toEqual([[2]]);
    }
  });

  it('statementTimeout ends reads and writes as statement-timeout, and their connection', async () => {
    await using on = await server.open({ pool: { max: 1, statementTimeout: 200 } });
    await on.run('CREATE TABLE timed AS SELECT 1 AS n');
    const id = await on.value('SELECT CONNECTION_ID()');
    expect(await failureOf(() => on.run(longSelect))).toMatchObject({ code: 'statement-timeout' });
    const next = await on.value('SELECT CONNECTION_ID()');
    expect(next).not.toBe(id);
    const update = 'UPDATE timed SET n = SLEEP(30)';
    expect(await failureOf(() => on.run(update))).toMatchObject({ code: 'statement-timeout' });
    expect(await on.value('SELECT n FROM timed')).toBe(1);
    await untilRunning(0);
  });

  it('a connection that the server kills is connection, of unknown outcome for a write only, and is replaced', async () => {
    await using on = await server.open({ pool: { max: 1 } });
    const attempt = async (sql: string, writes?: readonly string[]) => {
      const options = writes === undefined ? {} : { writes };
      const failure = failureOf(() => on.connection.execute({ sql, params: [] }, options));
      await server.sessions().kill(...(await untilRunning(1)));
      const error = await failure;
      // The server may list a session that it has killed for a while: it is not to be taken for the next one.
      await untilRunning(0);
      return error;
    };
    expect(await attempt('DO SLEEP(30)')).toMatchObject({ code: 'connection', outcome: 'unknown', retryable: false });
    expect(await attempt(longSelect, [])).toMatchObject({
      code: 'connection',
      outcome: 'rolled-back',
      retryable: true,
    });
    expect(await on.value('SELECT 1')).toBe(1);
    const inside = failureOf(() => on.transact(async (tx) => tx.execute({ sql: longSelect, params: [] })));
    await server.sessions().kill(...(await untilRunning(1)));
    expect(await inside).toMatchObject({ code: 'connection', outcome: 'rolled-back', retryable: true });
    expect(await on.value('SELECT 1')).toBe(1);
  });

  it('a connection that was killed while nobody used it is replaced unseen', async () => {
    await using on = await server.open({ pool: { max: 2, checkAfter: 0 } });
    await on.value('SELECT 1');
    await server.sessions().kill(...(await server.sessions().of(server.database().name)));
    expect(await on.value('SELECT 2')).toBe(2);
  });
});
