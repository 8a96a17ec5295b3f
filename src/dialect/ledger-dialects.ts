import type { Dialect } from '../compiler/dialect.ts';
import type { LedgerDialect } from '../compiler/ledger-dialect.ts';
import { UnsupportedByDriverError } from '../errors.ts';

const LOADERS: ReadonlyMap<string, () => Promise<LedgerDialect>> = new Map([
  ['sqlite', async () => (await import('./sqlite/ledger.ts')).ledger],
  ['postgres', async () => (await import('./postgres/ledger.ts')).ledger],
  ['mysql', async () => (await import('./mysql/ledger.ts')).ledger],
]);

/**
 * How a dialect keeps the ledger of migrations. Not a part of the dialect itself, so that only programs with migrations hold
 * it. Throws `unsupported-by-driver` for a dialect that is none of ours.
 */
export async function loadLedgerDialect({ name }: Pick<Dialect, 'name'>): Promise<LedgerDialect> {
  const load = LOADERS.get(name);
  if (load === undefined) throw new UnsupportedByDriverError(`the dialect '${name}' keeps no ledger of migrations`);
  return load();
}
