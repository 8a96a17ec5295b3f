import type { Violation } from '../source-file.ts';

/** The part of package.json that the rule reads. */
export interface PackageManifest {
  readonly exports: Readonly<Record<string, ExportTarget>>;
}

type ExportTarget = string | { readonly types?: string; readonly default?: string };

/**
 * What makes a file a public entry, by its place alone: `src/<name>.ts` that is no room, `src/schema/index.ts`,
 * `src/migration/index.ts`, `src/query-builder/index.ts`, `src/validation/index.ts`, `src/seeding/index.ts`,
 * `src/driver/replicas/index.ts`, the index of a dialect, adapter or integration, of the command line tool, and an adapter's
 * worker or way by fetch.
 */
const ENTRY_FILE =
  /^(src\/(index|port|decorators|transactional)\.ts|src\/(schema|migration|query-builder|validation|seeding|dialect\/[^/]+|driver\/replicas)\/index\.ts|cli\/index\.ts|(adapters|integrations)\/[^/]+\/(index|worker|fetch)\.ts)$/;

/** The entry files among the given paths. */
export function entryFilesOf(paths: readonly string[]): Set<string> {
  return new Set(paths.filter((path) => ENTRY_FILE.test(path)));
}

/** Differences between the `exports` of package.json and the entry files that exist. */
export function findExportDifferences(manifest: PackageManifest, paths: readonly string[]): Violation[] {
  const entries = entryFilesOf(paths);
  const targets = Object.entries(manifest.exports).filter(([name]) => name !== './package.json');
  const exported = new Set(targets.map(([, target]) => sourceOf(target)));
  const missing = [...entries]
    .filter((path) => !exported.has(path))
    .map((path) => `entry file ${path} is missing in the exports of package.json`);
  return [...targets.flatMap(([name, target]) => checkTarget(name, target, entries)), ...missing];
}

function sourceOf(target: ExportTarget): string {
  const types = typeof target === 'string' ? undefined : target.types;
  return types?.replace('./dist/types/', '').replace(/\.d\.ts$/, '.ts') ?? '(no types)';
}

function checkTarget(name: string, target: ExportTarget, entries: ReadonlySet<string>): Violation[] {
  if (typeof target === 'string') return [`exports["${name}"] has no types`];
  const found: Violation[] = [];
  const source = sourceOf(target);
  if (!entries.has(source)) found.push(`exports["${name}"] stands for ${source}, which is no entry file`);
  const output = name === '.' ? './dist/index.js' : `./dist${name.slice(1)}.js`;
  if (target.default !== output) found.push(`exports["${name}"] must default to ${output}, not ${target.default}`);
  return found;
}

/** The public entries of a manifest: the name of each, its source and its output below the repository. */
export function entriesOf(manifest: PackageManifest): { name: string; source: string; output: string }[] {
  return Object.entries(manifest.exports).flatMap(([name, target]) =>
    typeof target === 'string' ? [] : [{ name, source: sourceOf(target), output: target.default ?? '' }],
  );
}
