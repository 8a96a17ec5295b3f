import type { Dialect } from '../compiler/dialect.ts';
import type { SchemaDialect } from '../compiler/schema-dialect.ts';
import { UnsupportedByDriverError } from '../errors.ts';

const LOADERS: ReadonlyMap<string, () => Promise<SchemaDialect>> = new Map([
  ['sqlite', async () => (await import('./sqlite/schema/schema.ts')).schema],
  ['mysql', async () => (await import('./mysql/schema/schema.ts')).schema],
  ['postgres', async () => (await import('./postgres/schema/schema.ts')).schema],
]);

/**
 * How the tables of a dialect's databases are described, read and changed. Not a part of the dialect itself, so that only
 * programs with migrations hold it. Throws `unsupported-by-driver` for a dialect that is none of ours.
 */
export async function loadSchemaDialect({ name }: Pick<Dialect, 'name'>): Promise<SchemaDialect> {
  const load = LOADERS.get(name);
  if (load === undefined) throw new UnsupportedByDriverError(`the dialect '${name}' has no migrations`);
  return load();
}
