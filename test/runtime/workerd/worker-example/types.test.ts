import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ROOT } from '../../../architecture/source-file.ts';

// Apart from the TypeScript projects of the root, because its types are those of the built package.
test('worker-example has no type error against the built package', () => {
  const { status, stdout } = spawnSync('npx', ['tsc', '-p', 'worker-example'], { cwd: ROOT, encoding: 'utf8' });
  expect([stdout, status]).toEqual(['', 0]);
});
