import { defineConfig } from 'vitest/config';

/** Everything that runs in Node without a browser. */
const nodeTests = [
  'test/unit/**/*.test.ts',
  'test/conformance/**/*.test.ts',
  'test/adapters/**/*.test.ts',
  'test/integrations/**/*.test.ts',
  'test/architecture/**/*.test.ts',
  'test/docs/**/*.test.ts',
  'test/runtime/bare/**/*.test.ts',
  'test/support/**/*.test.ts',
];

export default defineConfig({
  // Node 20 has no `await using`, so it is lowered for tests as it is for the published build.
  oxc: { target: 'es2022' },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: nodeTests,
          environment: 'node',
          setupFiles: ['test/support/fixed-seed.ts'],
          globalSetup: ['test/support/engines/engine-broker.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: './test/tsconfig.json',
          },
        },
      },
      {
        extends: true,
        // Real browsers share the machine's cores and ports: one file after the other, after everything else.
        test: {
          name: 'browser',
          include: ['test/runtime/browser/**/*.test.ts'],
          environment: 'node',
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
