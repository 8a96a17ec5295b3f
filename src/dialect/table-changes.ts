import type { AlterTable, SchemaChange, TableChange } from '../schema/schema-change.ts';

/** The changes of one kind within a table. */
export function changesOf<K extends TableChange['kind']>(
  { changes }: AlterTable,
  ...kinds: readonly K[]
): readonly (TableChange & { readonly kind: K })[] {
  return changes.filter((change): change is TableChange & { readonly kind: K } =>
    (kinds as readonly string[]).includes(change.kind),
  );
}

/** The changes of one kind between two databases. */
export function schemaChangesOf<K extends SchemaChange['kind']>(
  changes: readonly SchemaChange[],
  kind: K,
): readonly (SchemaChange & { readonly kind: K })[] {
  return changes.filter((change): change is SchemaChange & { readonly kind: K } => change.kind === kind);
}
