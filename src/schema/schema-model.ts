import type { DefaultDefinition } from '../codec/column.ts';
import type { ColumnType } from '../codec/column-type.ts';
import type { WireValue } from '../wire/wire-value.ts';

/** What the database does to referring rows when the row they refer to is deleted, or gets another key. */
export type ReferentialAction = 'no action' | 'cascade' | 'set null';

/** What the database itself fills in: a constant, the present instant, or an expression, at once or for good (`computed`). */
export type ColumnDefault =
  | { readonly kind: 'constant'; readonly value: WireValue }
  | { readonly kind: 'now' }
  | (DefaultDefinition & { readonly kind: 'database' });

/** A column of a table. */
export interface ColumnModel {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Whether the database generates the value (identity, auto-increment, rowid). */
  readonly generated: boolean;
  readonly default: ColumnDefault | null;
}

/** A UNIQUE constraint. */
export interface UniqueModel {
  readonly name: string;
  readonly columns: readonly string[];
}

/** An index. */
export interface IndexModel {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A foreign key; `columns` and `referencedColumns` pair up by place. */
export interface ForeignKeyModel {
  readonly name: string;
  readonly columns: readonly string[];
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
}

/** A table. */
export interface TableModel {
  readonly name: string;
  readonly columns: readonly ColumnModel[];
  readonly primaryKey: readonly string[];
  readonly uniques: readonly UniqueModel[];
  readonly indexes: readonly IndexModel[];
  readonly foreignKeys: readonly ForeignKeyModel[];
}

/** The tables of a database, in an order in which each can be created: referred-to tables first where that is possible. */
export interface SchemaModel {
  readonly tables: readonly TableModel[];
}
