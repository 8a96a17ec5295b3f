import type { DraftedEntity } from '../../../src/migration/index.ts';

/** The types of a table's columns: the built-in ones, and of custom ones what they travel as. */
export function typesIn(entities: readonly DraftedEntity[], table: string): Readonly<Record<string, unknown>> {
  const columns = entities.find((entity) => entity.table === table)?.columns ?? [];
  return Object.fromEntries(
    columns.map(({ column, type }) => [column, type.kind === 'custom' ? type.wire : type.type]),
  );
}
