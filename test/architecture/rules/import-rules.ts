import { cruise, type ICruiseResult, type IFlattenedRuleSet } from 'dependency-cruiser';
import type { Violation } from '../source-file.ts';

type ForbiddenRule = NonNullable<IFlattenedRuleSet['forbidden']>[number];

/** The rooms of core in their order: a room imports only rooms above it, types included. */
const ROOMS = [
  'errors',
  'globals',
  'wire',
  'codec',
  'criteria',
  'metadata',
  'schema',
  'ast',
  'compiler',
  'dialect',
  'driver',
  'query',
  'session',
  'identity',
  'hydration',
  'unit-of-work',
  'entity-manager',
  'persistence',
] as const;

/** A side branch: it may import up to the named room, and no room imports it. */
const SIDE_BRANCHES = [
  { name: 'migration', upTo: 'session' },
  { name: 'query-builder', upTo: 'query' },
  { name: 'validation', upTo: 'unit-of-work' },
  { name: 'seeding', upTo: 'entity-manager' },
] as const;

/** Files of src that are public entries: they re-export from anywhere, and no room imports them. */
const ENTRIES =
  '^src/(?:(?:index|port|decorators|transactional)\\.ts|(?:schema|migration|query-builder|validation|seeding|dialect/[^/]+)/index\\.ts)$';

/** The packages an adapter may import: its driver, injected or optional. An adapter that is not named has none. */
const ADAPTER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'better-sqlite3': ['better-sqlite3'],
  mysql2: ['mysql2'],
  neon: ['@neondatabase/serverless'],
  pg: ['pg'],
  pglite: ['@electric-sql/pglite'],
  planetscale: ['@planetscale/database'],
  sqljs: ['sql.js', 'idb-keyval'],
};

/** The packages an integration may import. One that is not named has none, and no Node modules either. */
const INTEGRATION_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'async-context': [],
  config: ['yaml', 'smol-toml', 'zod'],
};

const room = (names: readonly string[]): string => `^src/(?:${names.join('|')})(?:/|\\.ts$)`;

/** Builds the rules from the list of rooms. */
function importRules(): ForbiddenRule[] {
  return [...roomRules(), ...coreRules(), ...adapterRules(), ...integrationRules(), ...cliRules()];
}

function roomRules(): ForbiddenRule[] {
  const sideBranches = SIDE_BRANCHES.map((branch) => branch.name);
  const downward = ROOMS.map((name, index) => ({
    name: `${name}-imports-only-rooms-above`,
    severity: 'error' as const,
    from: { path: room([name]), pathNot: ENTRIES },
    to: { path: room([...ROOMS.slice(index + 1), ...sideBranches]) },
  }));
  const branches = SIDE_BRANCHES.map(({ name, upTo }) => ({
    name: `${name}-imports-up-to-${upTo}`,
    severity: 'error' as const,
    from: { path: room([name]), pathNot: ENTRIES },
    to: { path: room(ROOMS.slice(ROOMS.indexOf(upTo) + 1)) },
  }));
  return [...downward, ...branches];
}

function coreRules(): ForbiddenRule[] {
  return [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'core-imports-only-core', severity: 'error', from: { path: '^src/' }, to: { pathNot: '^src/' } },
    { name: 'core-imports-no-entry', severity: 'error', from: { path: '^src/' }, to: { path: ENTRIES } },
    { name: 'core-never-imports-globals', severity: 'error', from: {}, to: { path: '^src/globals\\.ts$' } },
    { name: 'every-import-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ];
}

const packagePaths = (names: readonly string[]): string[] =>
  names.map((name) => `^node_modules/(?:@types/)?${name.replace('.', '\\.')}/`);

function adapterRules(): ForbiddenRule[] {
  const named = Object.entries(ADAPTER_PACKAGES).map(([adapter, packages]) => ({
    name: `adapter-${adapter}-packages`,
    severity: 'error' as const,
    from: { path: `^adapters/${adapter}/` },
    to: { pathNot: ['^src/', '^adapters/', ...packagePaths(packages)] },
  }));
  return [
    ...named,
    {
      name: 'adapter-without-packages',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/', pathNot: `^adapters/(?:${Object.keys(ADAPTER_PACKAGES).join('|')})/` },
      to: { pathNot: ['^src/', '^adapters/'] },
    },
    {
      // The errors alone, too: a module loaded on demand that imports all of the port shares all of it with the program.
      name: 'adapters-import-the-port-only',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^src/', pathNot: '^src/(?:port\\.ts|errors\\.ts|dialect/[^/]+/index\\.ts)$' },
    },
    {
      name: 'adapters-are-apart',
      severity: 'error',
      from: { path: '^adapters/([^/]+)/' },
      to: { path: '^adapters/', pathNot: '^adapters/$1/' },
    },
  ];
}

/** Integrations use what users use. Those that are named may use modules of Node. */
function integrationRules(): ForbiddenRule[] {
  const named = Object.entries(INTEGRATION_PACKAGES).map(([integration, packages]) => ({
    name: `integration-${integration}-packages`,
    severity: 'error' as const,
    from: { path: `^integrations/${integration}/` },
    to: {
      pathNot: ['^src/', '^adapters/', '^integrations/', ...packagePaths(packages)],
      dependencyTypesNot: ['core' as const],
    },
  }));
  const unnamed = `^integrations/(?:${Object.keys(INTEGRATION_PACKAGES).join('|')})/`;
  return [
    ...named,
    {
      name: 'integration-without-packages',
      severity: 'error',
      from: { path: '^integrations/([^/]+)/', pathNot: unnamed },
      to: { pathNot: ['^src/', '^adapters/', '^integrations/'] },
    },
    {
      // All that workerd has of Node with its flag `nodejs_als`.
      name: 'async-context-imports-async-hooks-only',
      severity: 'error',
      from: { path: '^integrations/async-context/' },
      to: { dependencyTypes: ['core'], pathNot: '^(?:node:)?async_hooks$' },
    },
    {
      name: 'integrations-import-public-entries-only',
      severity: 'error',
      from: { path: '^integrations/' },
      to: { path: '^(?:src|adapters)/', pathNot: [ENTRIES, '^adapters/[^/]+/(?:index|worker|fetch)\\.ts$'] },
    },
    {
      name: 'integrations-are-apart',
      severity: 'error',
      from: { path: '^integrations/([^/]+)/' },
      to: { path: '^integrations/', pathNot: '^integrations/$1/' },
    },
  ];
}

/** The packages that the command line tool is made of; they are built into it. */
const CLI_PACKAGES = ['@inquirer/prompts', 'bundle-require', 'commander', 'picocolors'];

/** The command line tool uses what users use, and Node; nothing uses it. */
function cliRules(): ForbiddenRule[] {
  return [
    {
      name: 'cli-packages',
      severity: 'error',
      from: { path: '^cli/' },
      to: { pathNot: ['^src/', '^cli/', ...packagePaths(CLI_PACKAGES)], dependencyTypesNot: ['core'] },
    },
    {
      name: 'cli-imports-public-entries-only',
      severity: 'error',
      from: { path: '^cli/' },
      to: { path: '^src/', pathNot: ENTRIES },
    },
    { name: 'nothing-imports-cli', severity: 'error', from: { pathNot: '^cli/' }, to: { path: '^cli/' } },
  ];
}

/** The outcome of a cruise. */
export interface ImportReport {
  readonly modules: number;
  readonly violations: readonly Violation[];
}

/**
 * Cruises the folders, `src` first of all, type imports counted.
 *
 * With a TypeScript that dependency-cruiser does not know, it finds no module and reports success: callers assert
 * that {@link ImportReport.modules} is above zero.
 */
export async function checkImports(root: string, folders: readonly string[]): Promise<ImportReport> {
  const { output } = await cruise(
    [...folders],
    {
      baseDir: root,
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      ruleSet: { forbidden: importRules() },
      combinedDependencies: true,
    },
    { extensions: ['.ts', '.d.ts', '.js', '.mjs', '.json'], conditionNames: ['import', 'types', 'default'] },
  );
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output}`);
  return { modules: output.summary.totalCruised, violations: [...describeViolations(output), ...findRoomless(output)] };
}

/** A file that belongs to no room is seen by no rule about rooms, so its place itself is the violation. */
function findRoomless(result: ICruiseResult): Violation[] {
  const placed = new RegExp(`${room([...ROOMS, ...SIDE_BRANCHES.map((branch) => branch.name)])}|${ENTRIES}`);
  return result.modules
    .map((module) => module.source)
    .filter((path) => path.startsWith('src/') && !placed.test(path))
    .map((path) => `every-file-has-a-room: ${path}`);
}

function describeViolations(result: ICruiseResult): Violation[] {
  return result.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`);
}
