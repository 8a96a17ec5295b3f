import type { RunStatement, SchemaDialect } from '../../compiler/schema-dialect.ts';
import { KEY_TYPES } from '../../metadata/build-columns.ts';
import type { DatabaseColumn, DatabaseTable } from '../../schema/database-model.ts';
import type { ColumnModel, TableModel } from '../../schema/schema-model.ts';
import { type Candidate, candidateTypes } from './candidate-types.ts';
import type { DraftedType } from './drafted-entity.ts';

/** What a column is declared as, and whether the present instant is its default. */
export interface ChosenType {
  readonly type: DraftedType;
  readonly now: boolean;
}

/** Gives each column of a table its type. */
export type TypeOf = (table: DatabaseTable, column: DatabaseColumn) => ChosenType;

/** A table of one column, which the dialect is asked to describe. */
interface Probe {
  readonly name: string;
  readonly column: string;
  readonly candidate: Candidate;
  readonly keyed: boolean;
}

/**
 * Finds the builder of each column by asking the dialect how it would store what every builder makes. A column that none
 * fits is of a custom type.
 *
 * @param isKeyed - whether a column is part of a primary or unique key, which some engines store in another way
 */
export async function chooseTypes(
  tables: readonly DatabaseTable[],
  isKeyed: (table: DatabaseTable, column: DatabaseColumn) => boolean,
  { schema, run }: { readonly schema: SchemaDialect; readonly run: RunStatement },
): Promise<TypeOf> {
  const probes = new Map<string, Probe>();
  const probeOf = (table: DatabaseTable, column: DatabaseColumn, candidate: Candidate) => {
    const probe = { column: column.name, candidate, keyed: isKeyed(table, column) };
    const id = JSON.stringify(probe);
    const known = probes.get(id) ?? { ...probe, name: `__meshestra_probe_${probes.size}` };
    probes.set(id, known);
    return known;
  };
  for (const table of tables) {
    for (const column of table.columns) {
      for (const candidate of candidateTypes(column, table)) probeOf(table, column, candidate);
    }
  }
  const answers = await ask([...probes.values()], schema, run);
  return (table, column) => {
    const isKey = table.primaryKey?.columns.includes(column.name) === true;
    const fitting = candidateTypes(column, table).find((candidate) => {
      if (isKey && (!KEY_TYPES.has(candidate.type.name) || candidate.now)) return false;
      const answer = answers.get(probeOf(table, column, candidate).name);
      return answer !== undefined && fits(answer, candidate, table, column);
    });
    if (fitting !== undefined) return { type: { kind: 'built-in', type: fitting.type }, now: fitting.now };
    return { type: customTypeOf(column, schema), now: false };
  };
}

/** A column as a custom type. */
export function customTypeOf({ type }: Pick<DatabaseColumn, 'type'>, schema: SchemaDialect): DraftedType {
  return { kind: 'custom', sqlType: type, ...schema.foreignType(type) };
}

/** What the dialect made of each probe; those that it refuses are left out. */
async function ask(
  probes: readonly Probe[],
  schema: SchemaDialect,
  run: RunStatement,
): Promise<ReadonlyMap<string, DatabaseTable>> {
  const described = probes.flatMap((probe) => {
    try {
      return schema.describe({ tables: [probeTable(probe)] }).tables;
    } catch {
      // The engine has no such column.
      return [];
    }
  });
  const { tables } = await schema.canonicalize({ tables: described, unmanaged: [] }, run);
  return new Map(tables.map((table) => [table.name, table]));
}

function probeTable({ name, column, candidate, keyed }: Probe): TableModel {
  const key = `__${column.length}`;
  const base = { nullable: true, generated: false, default: null };
  const columns: readonly ColumnModel[] = [
    { ...base, name: key, type: { name: 'integer' }, nullable: false },
    { ...base, name: column, type: candidate.type, default: candidate.now ? { kind: 'now' } : null },
  ];
  return {
    name,
    columns,
    primaryKey: [key],
    uniques: keyed && candidate.type.name !== 'json' ? [{ name: `${name}_key`, columns: [column] }] : [],
    indexes: [],
    foreignKeys: [],
  };
}

function fits(answer: DatabaseTable, { now }: Candidate, table: DatabaseTable, column: DatabaseColumn): boolean {
  const probed = answer.columns.find(({ name }) => name === column.name);
  if (probed === undefined || probed.type !== column.type) return false;
  if (now && probed.default !== column.default) return false;
  const expressions = new Set(table.checks.map(({ expression }) => expression));
  return answer.checks.every(({ expression }) => expressions.has(expression));
}
