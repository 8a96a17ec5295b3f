/** What an error says of a violated constraint beside its code. */
export interface Told {
  readonly table: string;
  readonly columns: readonly string[];
  /** Undefined where the constraint has no name on any engine. */
  readonly constraint: string | undefined;
}

/** The kinds of constraints that a database keeps. */
export type ConstraintKind =
  | 'unique'
  | 'primary key'
  | 'foreign key'
  | 'not null'
  | 'check'
  | 'length'
  | 'range'
  | 'type';

/**
 * What an engine's answer to a violation leaves open. Written down in both directions: what is told after all breaks the
 * build until its note is deleted.
 */
export type Untold = Readonly<Partial<Record<ConstraintKind, readonly (keyof Told)[]>>>;

/** SQLite names the columns of a key and not its constraint, the constraint of a check and not its column, and of a foreign key nothing. */
export const sqliteUntold: Untold = {
  unique: ['constraint'],
  'primary key': ['constraint'],
  'foreign key': ['table', 'columns', 'constraint'],
  check: ['table', 'columns'],
  length: ['table', 'columns'],
};
