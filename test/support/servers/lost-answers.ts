import { expect, it } from 'vitest';
import { expectCode } from '../../conformance/laws.ts';
import type { KeptServer } from '../engines/kept-server.ts';
import { Entry, openWorld, type ServerAdapter } from './server-adapter.ts';
import { type Cut, startTcpProxy } from './tcp-proxy.ts';

/** What happens when the network loses what the server said, or what it was to be told. */
export function lostAnswers(adapter: ServerAdapter, server: () => KeptServer): void {
  const cuts: readonly (readonly [Cut, number])[] = [
    ['before its answer is sent back', 1],
    ['before it is sent on', 0],
  ];
  for (const [cut, rows] of cuts) {
    it(`a COMMIT that is lost ${cut} has an unknown outcome, and is never sent again`, async () => {
      const proxy = await startTcpProxy(server().port);
      await using world = await openWorld(adapter, server());
      const db = await world.open(proxy.port);
      const isCut = proxy.cutAt('COMMIT', cut);
      const failing = expectCode(
        () => db.transaction(async (tx) => void tx.create(Entry, { id: 1, note: 'perhaps' })),
        'connection',
      );
      await isCut;
      expect(await failing).toMatchObject({ outcome: 'unknown', retryable: false });
      expect(proxy.count('COMMIT')).toBe(1);
      expect(await world.db.em().count(Entry)).toBe(rows);
      await db.transaction(async (tx) => void tx.create(Entry, { id: 2, note: 'surely' }));
      expect([proxy.count('COMMIT'), await world.db.em().count(Entry)]).toEqual([2, rows + 1]);
      await db.close();
      await proxy.close();
    });

    it(`a flush whose COMMIT is lost ${cut} is told so, and its entities are as they were`, async () => {
      const proxy = await startTcpProxy(server().port);
      await using world = await openWorld(adapter, server());
      const db = await world.open(proxy.port);
      const em = db.em();
      const entries = [1, 2].map((id) => em.create(Entry, { id, note: 'perhaps' }));
      em.create(Entry, { id: 3, note: 'x' });
      await em.flush();
      for (const entry of entries) entry.note = 'changed';
      em.remove(...(await em.find(Entry, { id: 3 })));
      const isCut = proxy.cutAt('COMMIT', cut);
      const failing = expectCode(() => em.flush(), 'connection');
      await isCut;
      expect(await failing).toMatchObject({ outcome: 'unknown', retryable: false });
      expect(await world.db.em().count(Entry, { note: 'changed' })).toBe(rows * 2);
      expect(entries.map((entry) => [...em.changes(entry).keys()])).toEqual([['note'], ['note']]);
      await db.close();
      await proxy.close();
    });
  }

  it('a server that falls silent ends a statement by its timeout, and the connection is not used again', async () => {
    const proxy = await startTcpProxy(server().port);
    await using world = await openWorld(adapter, server());
    const db = await world.open(proxy.port, { statementTimeout: 300, acquireTimeout: 1500, connectRetries: 0 });
    const before = await db.transaction((tx) => world.sessions.idOf(tx));
    proxy.freeze();
    const silent = await expectCode(() => db.em().count(Entry), 'statement-timeout');
    expect(silent).toMatchObject({ outcome: 'rolled-back' });
    proxy.thaw();
    expect(await db.transaction((tx) => world.sessions.idOf(tx))).not.toBe(before);
    await db.close();
    await proxy.close();
  });

  it('a server that falls silent ends the wait for a connection, and closing does not wait for it', async () => {
    const proxy = await startTcpProxy(server().port);
    await using world = await openWorld(adapter, server());
    const pool = { max: 1, acquireTimeout: 300, drainTimeout: 200 };
    const db = await world.open(proxy.port, pool);
    proxy.freeze();
    const endless = expectCode(() => db.em().count(Entry), 'connection');
    const error = await expectCode(() => db.em().count(Entry), 'pool-timeout');
    expect(error).toMatchObject({ pool: { active: 1, max: 1 }, retryable: true });
    await db.close();
    await endless;
    await proxy.close();
  });
}
