import { expect, it } from 'vitest';
import { memory } from '../../../adapters/memory/index.ts';
import { createPersistence, Entity, integer } from '../../../src/index.ts';
import { expectCode } from '../../conformance/laws.ts';

class Thing extends Entity('things', { id: integer().primaryKey() }) {}

it('work apart from a transaction is refused where the only connection of a pool has that, and may begin where there are two', async () => {
  const texts = async (max: number) => {
    const driver = memory({ capabilities: { concurrentTransactions: true } });
    Object.defineProperty(driver, 'pool', {
      value: { state: () => ({ total: 1, active: 1, idle: 0, waiting: 0, max }) },
    });
    const db = await createPersistence({ driver, entities: [Thing] });
    const codes = new Set<unknown>();
    for (const propagation of ['requires-new', 'not-supported'] as const) {
      await db.transaction(async (tx) => {
        const work = () => tx.transaction(async () => 'ran', { propagation });
        codes.add(
          max === 1 ? ((await expectCode(work, 'unsupported-by-driver')) as { code?: string }).code : await work(),
        );
      });
    }
    return [...codes, driver.log.length];
  };
  expect(await texts(1)).toEqual(['unsupported-by-driver', 4]);
  expect(await texts(2)).toEqual(['ran', 6]);
});
