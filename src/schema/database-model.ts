/** What happens to referring rows when the row they refer to is deleted or gets another key, as any engine may have it. */
export type DatabaseAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';

/** When a constraint is checked: with the statement, or at the end of the transaction where it says so. */
export type Deferral = 'immediate' | 'deferrable' | 'deferred';

/** A column as the database has it; types and expressions are in the engine's own words. */
export interface DatabaseColumn {
  readonly name: string;
  /** The type with its length and precision, without collation: `TEXT`, `numeric(10,2)`. */
  readonly type: string;
  readonly nullable: boolean;
  /** The expression after DEFAULT; null where there is none. */
  readonly default: string | null;
  /** What makes keys: the rowid of SQLite, AUTOINCREMENT or AUTO_INCREMENT, or an identity. */
  readonly generated: 'rowid' | 'auto-increment' | 'identity' | 'identity-always' | null;
  /** The expression that the database computes the column from. */
  readonly computed: { readonly expression: string; readonly stored: boolean } | null;
  /** What stands behind COLLATE, in quotes where the engine wants them; null where it is the table's or the engine's own. */
  readonly collation: string | null;
  /** The expression that an update of the row sets, on engines that have it. */
  readonly onUpdate: string | null;
  readonly comment: string | null;
  /** What SQLite does instead of failing where the column would be NULL; absent unless it says so. */
  readonly onConflict?: string;
}

/** The primary key; `name` is null where the engine gives it none. */
export interface DatabasePrimaryKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  /** What SQLite does instead of failing where the key is there already; absent unless it says so. */
  readonly onConflict?: string;
}

/** A UNIQUE constraint. */
export interface DatabaseUnique {
  /** Null where the engine knows none; it then made one by itself. */
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly deferral: Deferral;
  /** Whether two NULLs count as the same. */
  readonly nullsEqual: boolean;
  /** As {@link DatabasePrimaryKey.onConflict}. */
  readonly onConflict?: string;
}

/** A CHECK constraint. */
export interface DatabaseCheck {
  readonly name: string | null;
  readonly expression: string;
}

/** A foreign key; `columns` and `referencedColumns` pair up by place. */
export interface DatabaseForeignKey {
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
  readonly onDelete: DatabaseAction;
  readonly onUpdate: DatabaseAction;
  readonly deferral: Deferral;
}

/** One part of an index: a column, or an expression. */
export interface DatabaseIndexPart {
  /** Null where it is an expression. */
  readonly column: string | null;
  readonly expression: string | null;
  readonly descending: boolean;
  /** How many characters or bytes of the column are in the index; null for all of it. */
  readonly prefix: number | null;
  /** What else is said of the part, as it stands behind it: a collation, an operator class, NULLS FIRST. */
  readonly suffix: string | null;
}

/** An index that is not there for a constraint. */
export interface DatabaseIndex {
  readonly name: string;
  readonly unique: boolean;
  readonly parts: readonly DatabaseIndexPart[];
  /** The condition of a partial index. */
  readonly where: string | null;
  /** The access method, where it is not the engine's usual one. */
  readonly method: string | null;
  /** Columns that the index covers besides. */
  readonly include: readonly string[];
  /** What else is said of the index, each as it stands there: `NULLS NOT DISTINCT`, `WITH (fillfactor='70')`, `COMMENT 'x'`. */
  readonly options: readonly string[];
}

/** A table as the database has it. */
export interface DatabaseTable {
  readonly name: string;
  readonly columns: readonly DatabaseColumn[];
  readonly primaryKey: DatabasePrimaryKey | null;
  readonly uniques: readonly DatabaseUnique[];
  readonly checks: readonly DatabaseCheck[];
  readonly foreignKeys: readonly DatabaseForeignKey[];
  readonly indexes: readonly DatabaseIndex[];
  readonly comment: string | null;
  /** What is said behind the columns, each as it stands there: `STRICT`, `WITHOUT ROWID`, `ENGINE=InnoDB`. */
  readonly options: readonly string[];
  /** The texts of the table's triggers: kept where the table is rebuilt, and changed by nobody. */
  readonly triggers: readonly string[];
}

/** Something in the database that migrations leave alone: a view, a virtual table, a table of an extension. */
export interface UnmanagedObject {
  readonly kind: string;
  readonly name: string;
  /** Its text, where the engine keeps it. */
  readonly sql: string | null;
}

/** The tables of a database with all that is said of them: as it is, or as the entities want it. */
export interface DatabaseModel {
  readonly tables: readonly DatabaseTable[];
  readonly unmanaged: readonly UnmanagedObject[];
}
