import type {
  DatabaseCheck,
  DatabaseColumn,
  DatabaseForeignKey,
  DatabaseIndex,
  DatabasePrimaryKey,
  DatabaseTable,
  DatabaseUnique,
} from './database-model.ts';

/** One difference within a table. Columns are renamed first: all else goes by their names after the change. */
export type TableChange =
  | { readonly kind: 'rename-column'; readonly from: string; readonly to: string }
  /** `fill` is the SQL of the value that the rows that are there get; null where they get the default, or NULL. */
  | { readonly kind: 'add-column'; readonly column: DatabaseColumn; readonly fill: string | null }
  | { readonly kind: 'drop-column'; readonly column: DatabaseColumn }
  /** Another type, default, nullability …; `before` has the name of `after`. `fill` takes the place of NULLs. */
  | {
      readonly kind: 'alter-column';
      readonly before: DatabaseColumn;
      readonly after: DatabaseColumn;
      readonly fill: string | null;
    }
  | {
      readonly kind: 'alter-primary-key';
      readonly before: DatabasePrimaryKey | null;
      readonly after: DatabasePrimaryKey | null;
    }
  | { readonly kind: 'add-unique' | 'drop-unique'; readonly unique: DatabaseUnique }
  | { readonly kind: 'add-check' | 'drop-check'; readonly check: DatabaseCheck }
  | { readonly kind: 'add-foreign-key' | 'drop-foreign-key'; readonly foreignKey: DatabaseForeignKey }
  | { readonly kind: 'add-index' | 'drop-index'; readonly index: DatabaseIndex }
  /** The same constraint or index under another name. */
  | { readonly kind: 'rename-unique'; readonly from: DatabaseUnique; readonly to: DatabaseUnique }
  | { readonly kind: 'rename-foreign-key'; readonly from: DatabaseForeignKey; readonly to: DatabaseForeignKey }
  | { readonly kind: 'rename-check'; readonly from: DatabaseCheck; readonly to: DatabaseCheck }
  | { readonly kind: 'rename-index'; readonly from: DatabaseIndex; readonly to: DatabaseIndex }
  | { readonly kind: 'alter-comment'; readonly before: string | null; readonly after: string | null }
  | {
      readonly kind: 'alter-options';
      readonly before: readonly string[];
      readonly after: readonly string[];
    };

/** A table that changes, whole before (with its new names already, of columns too) and after, and what is different. */
export interface AlterTable {
  readonly kind: 'alter-table';
  readonly before: DatabaseTable;
  readonly after: DatabaseTable;
  readonly changes: readonly TableChange[];
}

/** One difference between two databases. */
export type SchemaChange =
  | { readonly kind: 'rename-table'; readonly from: string; readonly to: string }
  | { readonly kind: 'create-table'; readonly table: DatabaseTable }
  | AlterTable
  | { readonly kind: 'drop-table'; readonly table: DatabaseTable };
