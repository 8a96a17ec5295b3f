import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

// Apart from the TypeScript projects of the root, because the demo's types are those of the built package.
test.each(['demo-web', 'demo-web/worker'])('%s has no type error against the built package', (project) => {
  const { status, stdout } = spawnSync('npx', ['tsc', '-p', project], { encoding: 'utf8' });
  expect(stdout).toBe('');
  expect(status).toBe(0);
});
