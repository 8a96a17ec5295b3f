import { describe, expect, it } from 'vitest';
import { sqljs } from '../../../adapters/sqljs/index.ts';
import { createPersistence, Entity, integer } from '../../../src/index.ts';
import type { Driver } from '../../../src/port.ts';

class Thing extends Entity('things', { id: integer().primaryKey() }) {}

/** A driver that answers nothing once it was told so. */
function silent(): { readonly driver: Driver; fallSilent(): void } {
  const inner = sqljs();
  let isSilent = false;
  const driver: Driver = {
    name: 'silent',
    dialect: inner.dialect,
    capabilities: inner.capabilities,
    clock: inner.clock,
    pool: { state: () => ({ total: 3, active: 2, idle: 1, waiting: 4, max: 5 }) },
    connect: (options) => (isSilent ? new Promise(() => {}) : inner.connect(options)),
    close: () => inner.close(),
  };
  return { driver, fallSilent: () => (isSilent = true) };
}

describe('The health of a database', () => {
  it('is one node with its latency', async () => {
    await using db = await createPersistence({ driver: sqljs(), entities: [Thing] });
    const [node, ...others] = await db.health();
    expect(others).toEqual([]);
    expect(node).toEqual({ name: 'primary', role: 'primary', ok: true, latencyMs: expect.any(Number) });
    expect(node?.latencyMs).toBeGreaterThanOrEqual(0);
  });

  it('names a server that answers nothing, with the state of its pool', async () => {
    const { driver, fallSilent } = silent();
    await using db = await createPersistence({ driver, entities: [Thing] });
    fallSilent();
    const [node] = await db.health({ timeout: 20 });
    expect(node).toMatchObject({ ok: false, error: { code: 'statement-timeout' }, pool: { waiting: 4, max: 5 } });
  });

  it.each([0, -1, Number.NaN, 2 ** 31, '5' as never])('is not asked with a timeout of %s', async (timeout) => {
    await using db = await createPersistence({ driver: sqljs(), entities: [Thing] });
    await expect(db.health({ timeout })).rejects.toMatchObject({ code: 'validation' });
  });

  it('is not told of a closed one', async () => {
    const db = await createPersistence({ driver: sqljs(), entities: [Thing] });
    await db.close();
    await expect(db.health()).rejects.toMatchObject({ code: 'closed' });
  });
});
