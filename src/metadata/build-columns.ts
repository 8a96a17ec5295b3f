import type { CodecChoice } from '../codec/codec.ts';
import { COLUMN, type ColumnDefinition, type Columns } from '../codec/column.ts';
import type { ColumnTypeName } from '../codec/column-type.ts';
import type { DeclaredColumn, Embedding } from './embedding.ts';
import type { ColumnDraft, EntityDraft, ProbedEntity } from './entity-draft.ts';
import { misdeclared } from './entity-error.ts';
import { type ColumnMetadata, isComputed } from './entity-metadata.ts';
import type { NamingStrategy } from './naming-strategy.ts';

/** The types that a column of a primary key may have. */
export const KEY_TYPES: ReadonlySet<ColumnTypeName> = new Set([
  'integer',
  'bigint',
  'text',
  'uuid',
  'date',
  'datetime',
  'bytes',
]);
const GENERATED_TYPES: ReadonlySet<ColumnTypeName> = new Set(['integer', 'bigint']);

/** Gives an entity its scalar columns. Throws `configuration` for what cannot work. */
export function buildScalarColumns(
  entity: ProbedEntity,
  naming: NamingStrategy,
  codec: CodecChoice,
  dialect: string,
): void {
  const { draft, declaration } = entity;
  if (draft.parent !== null) inheritColumns(draft, draft.parent);
  for (const [property, definition] of declaredColumns(draft, declaration.columns, naming)) {
    checkColumn(draft, property, definition);
    const { type, custom, primary, wrap } = definition;
    const chosen = codec(type, definition.codec);
    const own = custom?.at({ table: draft.table, property, dialect, primary, type, codec: chosen });
    const stored = own?.codec ?? chosen;
    const column: ColumnDraft = {
      index: draft.root.columns.length,
      name: definition.name ?? naming.column(property),
      property,
      role: 'scalar',
      type: own?.type ?? type,
      codec: wrap?.(stored) ?? stored,
      nullable: definition.nullable,
      primary,
      generated: definition.generated,
      unique: definition.unique,
      version: definition.version,
      nextVersion: definition.nextVersion,
      onUpdateNow: definition.onUpdateNow,
      hidden: definition.hidden,
      default: definition.default,
      checks: definition.checks,
      lazy: definition.lazy,
    };
    addColumn(draft, column);
    draft.properties.set(property, column);
    if (column.primary) draft.primaryKey.push(column);
    if (column.version) draft.version = column;
    if (column.version || column.onUpdateNow || isComputed(column)) draft.follows.push(column);
    (definition.softDelete as SoftDeleteDeclaring | undefined)?.declare(draft, column);
    if (definition.indexed) draft.root.indexes.push({ columns: [column.name], unique: false });
  }
}

/** The part of the support of `softDelete()` that makes metadata of the column. */
export interface SoftDeleteDeclaring {
  declare(draft: EntityDraft, column: ColumnMetadata): void;
}

// An embedded value has several columns.
function declaredColumns(draft: EntityDraft, columns: Columns, naming: NamingStrategy): DeclaredColumn[] {
  return Object.keys(columns).flatMap((property): readonly DeclaredColumn[] => {
    const definition = columns[property]?.[COLUMN];
    if (definition === undefined) return [];
    const embedding = definition.embedded as Embedding | undefined;
    return embedding?.expand(draft, property, definition, naming) ?? [[property, definition]];
  });
}

/** Adds a column to the table's row and to the class. Throws `configuration` where the name is taken. */
export function addColumn(draft: EntityDraft, column: ColumnDraft): void {
  const name = column.name.toLowerCase();
  const taken = draft.root.columns.find((other) => other.name.toLowerCase() === name);
  if (taken !== undefined) {
    throw misdeclared(
      draft.table,
      column.property,
      `the column '${column.name}' is taken by '${taken.property}'; give one another name with .column(…)`,
    );
  }
  // Rows of other classes of the hierarchy have NULL in a subtype's columns.
  draft.root.columns.push(draft.parent === null ? column : { ...column, nullable: true });
  draft.ownColumns.push(column);
}

function inheritColumns(draft: EntityDraft, parent: EntityDraft): void {
  draft.ownColumns.push(...parent.ownColumns);
  for (const [property, column] of parent.properties) draft.properties.set(property, column);
  draft.version = parent.version;
  draft.follows.push(...parent.follows);
  draft.embedded = parent.embedded;
}

function checkColumn(draft: EntityDraft, property: string, definition: ColumnDefinition): void {
  const found = [
    ...keyProblems(definition),
    ...versionProblems(draft, definition),
    ...defaultProblems(draft, definition),
  ];
  if (draft.properties.has(property)) found.unshift('the parent class has this property already');
  const [problem] = found;
  if (problem === undefined) return;
  throw misdeclared(draft.table, property, problem);
}

function* keyProblems({ type: { name }, primary, nullable, generated }: ColumnDefinition): Generator<string> {
  if (primary && nullable) yield 'a column of the primary key cannot be nullable';
  if (primary && !KEY_TYPES.has(name)) yield `a column of type ${name} cannot be part of a primary key`;
  if (primary && generated && !GENERATED_TYPES.has(name)) {
    yield `the database cannot generate a key of type ${name}; use .default(() => …)`;
  }
  if (generated && !primary) yield 'only a primary key can be generated by the database';
}

function* versionProblems(draft: EntityDraft, { version, nextVersion, nullable }: ColumnDefinition): Generator<string> {
  if (!version) return;
  if (nextVersion === null) yield 'a version column must be an integer(), a datetime() or a uuid()';
  // Rows of all classes of a table are found, and locked, alike.
  if (draft.parent !== null) yield 'the version belongs to the top of the hierarchy';
  if (draft.version !== null) yield 'the entity has a version column already';
  if (nullable) yield 'a version column cannot be nullable';
}

function* defaultProblems(draft: EntityDraft, definition: ColumnDefinition): Generator<string> {
  if (definition.default?.kind !== 'database') return;
  // The row is found again by its key, and guarded by its version.
  if (definition.primary || definition.version) yield 'the database cannot give a key or a version by an expression';
  // Every row of the table would get it, whatever its class.
  if (draft.parent !== null && !isComputed(definition))
    yield 'a default of the database belongs to the top of the hierarchy';
}
