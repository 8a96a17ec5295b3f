import type { DatabaseColumn, DatabaseModel, DatabaseTable } from '../../../src/schema/database-model.ts';

/** A column of texts that is NOT NULL. */
export const column = (name: string, more: Partial<DatabaseColumn> = {}): DatabaseColumn => ({
  name,
  type: 'TEXT',
  nullable: false,
  default: null,
  generated: null,
  computed: null,
  collation: null,
  onUpdate: null,
  comment: null,
  ...more,
});

/** A table with a key and a title. */
export const table = (name: string, more: Partial<DatabaseTable> = {}): DatabaseTable => ({
  name,
  columns: [column('id', { type: 'INTEGER', generated: 'rowid' }), column('title')],
  primaryKey: { name: null, columns: ['id'] },
  uniques: [],
  checks: [],
  foreignKeys: [],
  indexes: [],
  comment: null,
  options: ['STRICT'],
  triggers: [],
  ...more,
});

/** A database of these tables. */
export const model = (...tables: readonly DatabaseTable[]): DatabaseModel => ({ tables, unmanaged: [] });

/** A foreign key to the `id` of a table. */
export const foreignKey = (columns: readonly string[], referencedTable: string) => ({
  name: `${columns.join('_')}_fkey`,
  columns,
  referencedTable,
  referencedColumns: ['id'],
  onDelete: 'cascade' as const,
  onUpdate: 'no action' as const,
  deferral: 'immediate' as const,
});

/** A plain index. */
export const index = (name: string, ...columns: readonly string[]) => ({
  name,
  unique: false,
  parts: columns.map((one) => ({ column: one, expression: null, descending: false, prefix: null, suffix: null })),
  where: null,
  method: null,
  include: [],
  options: [],
});
