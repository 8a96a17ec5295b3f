import type { SchemaDialect } from '../compiler/schema-dialect.ts';
import type { DatabaseForeignKey, DatabaseTable } from '../schema/database-model.ts';
import type { RowsAtStake } from '../schema/migration-step.ts';
import type { AlterTable, SchemaChange, TableChange } from '../schema/schema-change.ts';
import { createOldNames, type OldNames } from './diff/old-names.ts';
import { renameIdentifiers } from './diff/rename-identifiers.ts';

/** What of a dialect the questions need. */
export interface StakeDialect extends Pick<SchemaDialect, 'misfit'> {
  quote(identifier: string): string;
}

/**
 * What to ask the database before a migration: how many rows would lose something, and how many keep it from being applied.
 * The questions use the names from before the migration.
 */
export function findRowsAtStake(changes: readonly SchemaChange[], dialect: StakeDialect): readonly RowsAtStake[] {
  const oldNames = createOldNames(changes);
  const created = new Set(changes.flatMap((one) => (one.kind === 'create-table' ? [one.table.name] : [])));
  return changes.flatMap((change): readonly RowsAtStake[] => {
    if (change.kind === 'drop-table') return [lostTable(change.table, dialect)];
    if (change.kind !== 'alter-table') return [];
    const questions = new Questions(change, oldNames, created, dialect);
    return change.changes.flatMap((one) => questions.of(one));
  });
}

function lostTable(table: DatabaseTable, { quote }: StakeDialect): RowsAtStake {
  const from = `FROM ${quote(table.name)}`;
  return {
    kind: 'loss',
    what: `drop table ${table.name}`,
    count: `SELECT COUNT(*) ${from}`,
    sample: sampleOf(table.primaryKey?.columns.map(quote) ?? [], from),
  };
}

/** One more than an error shows, so that it can say that there are more. */
const SAMPLED = 6;

function sampleOf(key: readonly string[], from: string): string | null {
  return key.length === 0 ? null : `SELECT ${key.join(', ')} ${from} ORDER BY ${key.join(', ')} LIMIT ${SAMPLED}`;
}

/** The questions about one table. */
class Questions {
  readonly #change: AlterTable;
  readonly #oldNames: OldNames;
  readonly #created: ReadonlySet<string>;
  readonly #added: ReadonlyMap<string, string | null>;
  readonly #retyped: ReadonlySet<string>;
  readonly #dialect: StakeDialect;

  constructor(change: AlterTable, oldNames: OldNames, created: ReadonlySet<string>, dialect: StakeDialect) {
    this.#change = change;
    this.#oldNames = oldNames;
    this.#created = created;
    this.#dialect = dialect;
    this.#retyped = new Set(
      change.changes.flatMap((one) =>
        one.kind === 'alter-column' && one.before.type !== one.after.type ? [one.after.name] : [],
      ),
    );
    this.#added = new Map(
      change.changes.flatMap((one) => (one.kind === 'add-column' ? [[one.column.name, one.fill] as const] : [])),
    );
  }

  of(change: TableChange): readonly RowsAtStake[] {
    const { name } = this.#change.after;
    switch (change.kind) {
      case 'drop-column': {
        // What is computed from others can be computed again.
        if (change.column.computed !== null) return [];
        return [
          this.#asked(
            'loss',
            `drop column ${name}.${change.column.name}`,
            `${this.#column(change.column.name)} IS NOT NULL`,
          ),
        ];
      }
      case 'add-column':
        return this.#addedColumn(change);
      case 'alter-column':
        return this.#alteredColumn(change);
      case 'add-unique':
        return this.#unique(change.unique.columns, change.unique.name ?? change.unique.columns.join(', '));
      case 'alter-primary-key':
        return change.after === null ? [] : this.#unique(change.after.columns, 'primary key');
      case 'add-index': {
        const { unique, parts, where, name: index } = change.index;
        const columns = parts.flatMap(({ column }) => column ?? []);
        return unique && where === null && columns.length === parts.length ? this.#unique(columns, index) : [];
      }
      case 'add-check': {
        const { expression, name: check } = change.check;
        // Before it has its new type, a column may be one over which the expression says nothing, or fails.
        if (this.#speaksOfNew(expression)) return [];
        const condition = `NOT (${renameIdentifiers(expression, this.#oldNames.columns(name))})`;
        return [this.#asked('violation', `add check ${check ?? expression} on ${name}`, condition)];
      }
      case 'add-foreign-key':
        return this.#orphans(change.foreignKey);
      default:
        return [];
    }
  }

  #addedColumn({ column, fill }: TableChange & { kind: 'add-column' }): readonly RowsAtStake[] {
    const isGiven = column.nullable || column.computed !== null || column.generated !== null;
    if (isGiven || column.default !== null || fill !== null) return [];
    const what = `add column ${this.#change.after.name}.${column.name}, which is NOT NULL and has neither a default nor a fill`;
    return [this.#asked('violation', what, null)];
  }

  #alteredColumn({ before, after, fill }: TableChange & { kind: 'alter-column' }): readonly RowsAtStake[] {
    const column = this.#column(before.name);
    const name = `${this.#change.after.name}.${after.name}`;
    const found: RowsAtStake[] = [];
    if (before.nullable && !after.nullable && fill === null && after.computed === null) {
      found.push(this.#asked('violation', `make column ${name} NOT NULL`, `${column} IS NULL`));
    }
    if (before.computed === null && after.computed !== null) {
      return [...found, this.#asked('loss', `compute column ${name}, whose values go`, `${column} IS NOT NULL`)];
    }
    const old = { ...before, name: this.#oldNames.column(this.#change.after.name, before.name) };
    const misfit = before.type === after.type ? null : this.#dialect.misfit(old, after);
    if (misfit !== null)
      found.push(this.#asked('loss', `change column ${name} from ${before.type} to ${after.type}`, misfit));
    return found;
  }

  #unique(columns: readonly string[], what: string): readonly RowsAtStake[] {
    if (columns.some((column) => this.#added.has(column))) return [];
    const list = columns.map((column) => this.#column(column));
    const known = list.map((column) => `${column} IS NOT NULL`).join(' AND ');
    const groups = `FROM ${this.#table} WHERE ${known} GROUP BY ${list.join(', ')} HAVING COUNT(*) > 1`;
    return [
      {
        kind: 'violation',
        what: `make ${columns.join(', ')} of ${this.#change.after.name} unique (${what}): values that are there more than once`,
        count: `SELECT COUNT(*) FROM (SELECT 1 AS ${this.#quote('n')} ${groups}) AS ${this.#quote('found')}`,
        sample: `SELECT ${list.join(', ')} ${groups} ORDER BY ${list.join(', ')} LIMIT ${SAMPLED}`,
      },
    ];
  }

  #orphans({ columns, referencedTable, referencedColumns }: DatabaseForeignKey): readonly RowsAtStake[] {
    // What a new column refers to is known when it is filled: the engine asks then.
    if (this.#created.has(referencedTable) || columns.some((column) => this.#isNew(column))) return [];
    const own = columns.map((column) => `${this.#table}.${this.#column(column)}`);
    const target = this.#quote(this.#oldNames.table(referencedTable));
    const alias = this.#quote('referenced');
    const pairs = own.map(
      (column, place) =>
        `${alias}.${this.#quote(this.#oldNames.column(referencedTable, referencedColumns[place] ?? ''))} = ${column}`,
    );
    const known = own.map((column) => `${column} IS NOT NULL`);
    const condition = `${known.join(' AND ')} AND NOT EXISTS (SELECT 1 FROM ${target} AS ${alias} WHERE ${pairs.join(' AND ')})`;
    const what = `make ${columns.join(', ')} of ${this.#change.after.name} refer to ${referencedTable}: rows that refer to nothing`;
    return [this.#asked('violation', what, condition)];
  }

  #asked(kind: RowsAtStake['kind'], what: string, condition: string | null): RowsAtStake {
    const from = `FROM ${this.#table}${condition === null ? '' : ` WHERE ${condition}`}`;
    const key = this.#change.before.primaryKey?.columns.map((column) => this.#column(column)) ?? [];
    return { kind, what, count: `SELECT COUNT(*) ${from}`, sample: sampleOf(key, from) };
  }

  get #table(): string {
    return this.#quote(this.#oldNames.table(this.#change.after.name));
  }

  #isNew(column: string): boolean {
    return this.#added.has(column) || this.#retyped.has(column);
  }

  #speaksOfNew(expression: string): boolean {
    const marked = new Map([...this.#added.keys(), ...this.#retyped].map((name) => [name, '__meshestra_new']));
    return renameIdentifiers(expression, marked) !== expression;
  }

  #column(name: string): string {
    return this.#quote(this.#oldNames.column(this.#change.after.name, name));
  }

  #quote(name: string): string {
    return this.#dialect.quote(name);
  }
}
