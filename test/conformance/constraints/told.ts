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
  | 'row that is referred to'
  | 'not null'
  | 'check'
  | 'length'
  | 'range'
  | 'type';

/**
 * Where an engine's answer to a violation differs: it leaves a field open, or has a name of its own for the constraint.
 * Written down in both directions: what is told after all breaks the build until its note is deleted.
 */
export type TellsDifferently = Readonly<
  Partial<Record<ConstraintKind, { readonly [F in keyof Told]?: Told[F] | undefined }>>
>;

const nothing = { table: undefined, columns: undefined, constraint: undefined };
const noColumn = { table: undefined, columns: undefined };

/**
 * SQLite names the columns of a key and not its constraint, the constraint of a check and not its column, and of a foreign
 * key nothing.
 */
export const sqliteTells: TellsDifferently = {
  unique: { constraint: undefined },
  'primary key': { constraint: undefined },
  'foreign key': nothing,
  'row that is referred to': nothing,
  check: noColumn,
  length: noColumn,
};

/** PostgreSQL names no column but in the keys it quotes, and of a value that does not fit its column nothing at all. */
export const postgresTells: TellsDifferently = {
  'row that is referred to': { columns: undefined },
  check: { columns: undefined },
  length: { columns: undefined },
  range: noColumn,
  type: noColumn,
};

/** MySQL and MariaDB have one name for every primary key, and the length of a text belongs to its column. */
export const mysqlTells: TellsDifferently = {
  'primary key': { constraint: 'PRIMARY' },
  length: { constraint: undefined },
};
