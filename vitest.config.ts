import { configDefaults, defineConfig } from 'vitest/config';

/** Everything that runs in Node without a browser. */
const nodeTests = [
  'test/unit/**/*.test.ts',
  'test/conformance/**/*.test.ts',
  'test/adapters/**/*.test.ts',
  'test/integrations/**/*.test.ts',
  'test/cli/**/*.test.ts',
  'test/architecture/**/*.test.ts',
  'test/docs/**/*.test.ts',
  'test/runtime/bare/**/*.test.ts',
  'test/runtime/workerd/**/*.test.ts',
  'test/support/**/*.test.ts',
];

/** What needs node:sqlite, which Node 20 has not: test/check.mjs runs it on Node 24. */
const onNodeSqlite = ['test/adapters/node-sqlite.test.ts', 'test/adapters/node-sqlite/native.test.ts'];

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const hasNodeSqlite = major > 24 || (major === 24 && minor >= 16);

/** Where test/check.mjs has a better-sqlite3 for the Node that it runs the tests on. */
const betterSqlite3 = process.env.MESHESTRA_BETTER_SQLITE3;

export default defineConfig({
  // Node 20 has no `await using`, so it is lowered for tests as it is for the published build.
  oxc: { target: 'es2022' },
  resolve: { alias: betterSqlite3 === undefined ? {} : { 'better-sqlite3': betterSqlite3 } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: nodeTests,
          exclude: [...configDefaults.exclude, ...(hasNodeSqlite ? [] : onNodeSqlite)],
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
