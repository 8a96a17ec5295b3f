import { expect, it } from 'vitest';
import { describeStatus } from '../../../src/migration/migration-status.ts';

it.each([
  ['started', 3],
  ['failed', 3],
  ['reverting', 2],
  ['revert-failed', 2],
  ['applied', 3],
] as const)('of a migration that is %s tells the steps of its direction', (state, steps) => {
  const migration = {
    version: '1',
    name: 'three up, two down',
    checksum: 'c',
    up: { steps: ['a', 'b', 'c'] },
    down: { steps: ['d', 'e'] },
  };
  const entry = { ...migration, appliedAt: '2026-01-01T00:00:00.000Z', durationMs: 1, step: 2, state, mark: '' };
  const status = describeStatus([migration], { entries: [entry], pending: [], problems: [] });
  expect(status.migrations.map((one) => one.steps)).toEqual([steps]);
});
