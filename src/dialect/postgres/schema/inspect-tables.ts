import type { RunStatement } from '../../../compiler/schema-dialect.ts';
import type {
  DatabaseAction,
  DatabaseColumn,
  DatabaseForeignKey,
  DatabaseIndex,
  DatabaseIndexPart,
  DatabaseModel,
  DatabaseTable,
  Deferral,
  UnmanagedObject,
} from '../../../schema/database-model.ts';
import { byName } from '../../by-name.ts';
import {
  type CatalogAction,
  type CatalogColumn,
  type CatalogConstraint,
  type CatalogIndex,
  type CatalogIndexPart,
  type CatalogTable,
  CURRENT_SCHEMA,
  columnsQuery,
  constraintsQuery,
  indexesQuery,
  tablesQuery,
  unmanagedQuery,
} from './catalog-queries.ts';
import { storageParameter, UNLOGGED } from './table-text.ts';

/** Reads the tables of the schema that unqualified names are created in, and names what it has besides. */
export async function inspectDatabase(run: RunStatement): Promise<DatabaseModel> {
  const { tables, unfit } = await inspectTables(run, CURRENT_SCHEMA);
  const unmanaged = await ask<UnmanagedObject>(run, unmanagedQuery(CURRENT_SCHEMA));
  return { tables, unmanaged: byName([...unmanaged, ...unfit]) };
}

/** The tables of a schema, and the constraints on them that the model has no words for. */
export interface InspectedTables {
  readonly tables: readonly DatabaseTable[];
  readonly unfit: readonly UnmanagedObject[];
}

/** Reads the tables of a schema, which is given as SQL. */
export async function inspectTables(run: RunStatement, schema: string): Promise<InspectedTables> {
  const tables = await ask<CatalogTable>(run, tablesQuery(schema));
  const columns = byTable(await ask<CatalogColumn>(run, columnsQuery(schema)));
  const constraints = byTable(await ask<CatalogConstraint>(run, constraintsQuery(schema)));
  const indexes = byTable(await ask<CatalogIndex>(run, indexesQuery(schema)));
  const of = <T>(rows: ReadonlyMap<number, readonly T[]>, { id }: CatalogTable) => rows.get(id) ?? [];
  return {
    tables: byName(
      tables.map((table) => tableOf(table, of(columns, table), of(constraints, table), of(indexes, table))),
    ),
    unfit: tables.flatMap((table) =>
      of(constraints, table)
        .filter((constraint) => !constraint.fits && constraint.kind !== 'p')
        .map(({ name, definition }) => ({ kind: 'constraint', name: `${table.name}.${name}`, sql: definition })),
    ),
  };
}

async function ask<T>(run: RunStatement, query: string): Promise<readonly T[]> {
  return (await run(query)).map(([json]) => JSON.parse(String(json)) as T);
}

function byTable<T extends { readonly table: number }>(rows: readonly T[]): ReadonlyMap<number, readonly T[]> {
  const found = new Map<number, T[]>();
  for (const row of rows) {
    const known = found.get(row.table);
    if (known === undefined) found.set(row.table, [row]);
    else known.push(row);
  }
  return found;
}

function tableOf(
  { name, comment, unlogged, options, triggers }: CatalogTable,
  columns: readonly CatalogColumn[],
  constraints: readonly CatalogConstraint[],
  indexes: readonly CatalogIndex[],
): DatabaseTable {
  const fitting = (kind: CatalogConstraint['kind']) =>
    byName(constraints.filter((constraint) => constraint.kind === kind && constraint.fits));
  const primaryKey = constraints.find(({ kind }) => kind === 'p');
  return {
    name,
    columns: columns.map(columnOf),
    primaryKey: primaryKey === undefined ? null : { name: primaryKey.name, columns: primaryKey.columns ?? [] },
    uniques: fitting('u').map((unique) => ({
      name: unique.name,
      columns: unique.columns ?? [],
      deferral: deferralOf(unique),
      nullsEqual: unique.nullsEqual,
    })),
    checks: fitting('c').map((check) => ({ name: check.name, expression: check.expression ?? '' })),
    foreignKeys: fitting('f').map(foreignKeyOf),
    indexes: byName(indexes.map(indexOf)),
    comment,
    options: [...(unlogged ? [UNLOGGED] : []), ...(options ?? []).map(storageParameter)],
    triggers: triggers ?? [],
  };
}

function columnOf(column: CatalogColumn): DatabaseColumn {
  const { name, type, nullable, identity, computed, expression, serial, collation, comment } = column;
  return {
    name,
    type,
    nullable,
    default: serial || computed !== '' ? null : expression,
    generated: serial ? 'auto-increment' : identity === '' ? null : identity === 'a' ? 'identity-always' : 'identity',
    computed: computed === '' || expression === null ? null : { expression, stored: computed === 's' },
    collation,
    onUpdate: null,
    comment,
  };
}

const ACTIONS: Readonly<Record<CatalogAction, DatabaseAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

function foreignKeyOf(key: CatalogConstraint): DatabaseForeignKey {
  return {
    name: key.name,
    columns: key.columns ?? [],
    referencedTable: key.referencedTable ?? '',
    referencedColumns: key.referencedColumns ?? [],
    onDelete: ACTIONS[key.onDelete],
    onUpdate: ACTIONS[key.onUpdate],
    deferral: deferralOf(key),
  };
}

function deferralOf({ deferrable, deferred }: CatalogConstraint): Deferral {
  return deferred ? 'deferred' : deferrable ? 'deferrable' : 'immediate';
}

function indexOf({ name, unique, method, where, parts, include, nullsEqual, options }: CatalogIndex): DatabaseIndex {
  return {
    name,
    unique,
    parts: parts.map(partOf),
    where,
    method: method === 'btree' ? null : method,
    include: include ?? [],
    options: [
      ...(nullsEqual ? ['NULLS NOT DISTINCT'] : []),
      ...(options === null ? [] : [`WITH (${options.map(storageParameter).join(', ')})`]),
    ],
  };
}

function partOf(part: CatalogIndexPart): DatabaseIndexPart {
  const { column, expression, descending, nullsFirst, collation, operators, parameters } = part;
  const said = [
    ...(collation === null ? [] : [`COLLATE ${collation}`]),
    ...(operators === null ? [] : [operators]),
    ...(parameters === null ? [] : [`(${parameters.map(storageParameter).join(', ')})`]),
    // NULLs are the largest values unless it is said otherwise.
    ...(descending === nullsFirst ? [] : [nullsFirst ? 'NULLS FIRST' : 'NULLS LAST']),
  ];
  return {
    column,
    expression: column === null ? expression : null,
    descending,
    prefix: null,
    suffix: said.length === 0 ? null : said.join(' '),
  };
}
