import type { Driver } from 'meshestra';
import { sqljs } from 'meshestra/sqljs';
import { describe, expect, it } from 'vitest';
import { Genre } from '../../../../demo-web/entities.ts';
import { createLeases } from '../../../../worker-example/src/database.ts';
import type { Bindings } from '../../../../worker-example/src/environment.ts';

const bindings = {} as Bindings;

/** Leases of drivers whose clients may outlive a request, or may not; and those that were made and closed. */
function leasesOf(shareAcrossRequests: boolean) {
  const made: Driver[] = [];
  const closed: Driver[] = [];
  const make = (): Driver => {
    const inner = sqljs();
    const driver: Driver = {
      name: inner.name,
      dialect: inner.dialect,
      clock: inner.clock,
      capabilities: { ...inner.capabilities, shareAcrossRequests },
      connect: (options) => inner.connect(options),
      async close() {
        closed.push(driver);
        await inner.close();
      },
    };
    made.push(driver);
    return driver;
  };
  return { made, closed, lease: createLeases(make) };
}

describe('the database of a worker', () => {
  it('is one for all requests where its client may outlive one', async () => {
    const { made, closed, lease } = leasesOf(true);
    const first = await lease(bindings);
    await first.release();
    const second = await lease(bindings);
    expect(second.db).toBe(first.db);
    expect(await second.db.em().count(Genre)).toBe(0);
    expect([made.length, closed.length]).toEqual([1, 0]);
  });

  it('is one of its own for each request where not, and closed at its end', async () => {
    const { made, closed, lease } = leasesOf(false);
    const [first, second] = [await lease(bindings), await lease(bindings)];
    expect(second.db).not.toBe(first.db);
    expect(await second.db.em().count(Genre)).toBe(0);
    await first.release();
    expect(closed).toEqual([made[0]]);
    await second.release();
    expect(closed).toEqual(made);
  });

  it('is not waited for by one request in the name of another', async () => {
    const { made, lease } = leasesOf(true);
    const leases = await Promise.all([lease(bindings), lease(bindings), lease(bindings)]);
    expect(made).toHaveLength(3);
    for (const { db } of leases) expect(await db.em().count(Genre)).toBe(0);
    const next = await lease(bindings);
    expect(leases.map(({ db }) => db)).toContain(next.db);
  });
});
