import type { AnyColumn } from '../../codec/column.ts';
import {
  bigint,
  boolean,
  bytes,
  date,
  datetime,
  decimal,
  float,
  integer,
  json,
  text,
  uuid,
} from '../../codec/column-builder.ts';
import type { ColumnType } from '../../codec/column-type.ts';
import { type CustomWires, customType } from '../../codec/custom-type.ts';
import type { SqlFrame } from '../../compiler/schema-dialect.ts';
import { Entity } from '../../metadata/entity.ts';
import type { EntityClass } from '../../metadata/entity-class.ts';
import { manyToOne, oneToMany, oneToOne } from '../../metadata/relations.ts';
import type { DraftedColumn, DraftedEntity, DraftedInverse, DraftedRelation, DraftedType } from './drafted-entity.ts';

/** The classes that drafts stand for, as their source text would declare them. */
export function buildClasses(entities: readonly DraftedEntity[]): readonly EntityClass[] {
  const classes = new Map<string, EntityClass>();
  const find = (table: string) => () => classes.get(table) as EntityClass;
  for (const entity of entities) classes.set(entity.table, buildClass(entity, find));
  return [...classes.values()];
}

type Find = (table: string) => () => EntityClass;

function buildClass({ table, columns, relations, inverses, indexes }: DraftedEntity, find: Find): EntityClass {
  const declared = Object.fromEntries(columns.map((column) => [column.property, buildColumn(column)]));
  return class extends Entity(table, declared, { indexes }) {
    constructor() {
      super();
      for (const relation of relations) set(this, relation.property, buildRelation(relation, find));
      for (const inverse of inverses) set(this, inverse.property, buildInverse(inverse, find));
    }
  };
}

function set(entity: object, property: string, value: unknown): void {
  Object.defineProperty(entity, property, { value, writable: true, enumerable: true, configurable: true });
}

function buildColumn(drafted: DraftedColumn): AnyColumn {
  const { default: filled } = drafted;
  let column: AnyColumn =
    filled?.kind === 'now' ? datetime().defaultNow() : buildType(drafted.type, drafted.primaryKey);
  if (drafted.primaryKey) column = column.primaryKey();
  if (drafted.generated) column = column.generated();
  if (drafted.nullable) column = column.nullable();
  if (filled?.kind === 'database') {
    const { sql, computed } = filled;
    column =
      computed === null ? column.databaseDefault(sql) : column.generatedAs(sql, { stored: computed === 'stored' });
  }
  if (drafted.unique) column = column.unique();
  if (drafted.indexed) column = column.index();
  return column.column(drafted.column);
}

function buildType(drafted: DraftedType, key: boolean): AnyColumn {
  if (drafted.kind === 'built-in') return buildBuiltIn(drafted.type);
  const { sqlType, wire, read, write } = drafted;
  return customType<unknown, keyof CustomWires>({
    name: `a value of ${sqlType}`,
    wire,
    sqlType,
    key,
    encode: (value) => value as string,
    decode: (value) => value,
    sql: { ...(read === null ? {} : { read: framed(read) }), ...(write === null ? {} : { write: framed(write) }) },
  });
}

function framed([before, behind]: SqlFrame): (sql: string) => string {
  return (sql) => before + sql + behind;
}

const PLAIN = { integer, bigint, float, uuid, boolean, datetime, date, json, bytes } as const;

function buildBuiltIn(type: ColumnType): AnyColumn {
  if (type.name === 'decimal') return decimal(type);
  if (type.name !== 'text') return PLAIN[type.name]();
  const { values, maxLength } = type;
  if (values !== undefined) return text({ values });
  return text(maxLength === undefined ? {} : { maxLength });
}

function buildRelation(
  { kind, target, columns, nullable, primaryKey, onDelete, onUpdate }: DraftedRelation,
  find: Find,
): unknown {
  const options = { columns, onDelete, onUpdate };
  if (kind === 'oneToOne') return oneToOne(find(target), null, options);
  if (primaryKey) return manyToOne(find(target), { ...options, primaryKey: true });
  return nullable ? manyToOne(find(target), { ...options, nullable: true }) : manyToOne(find(target), options);
}

function buildInverse({ kind, target, inverse }: DraftedInverse, find: Find): unknown {
  const named = (entity: object) => Reflect.get(entity, inverse) as never;
  return kind === 'oneToOne' ? oneToOne(find(target), named) : oneToMany(find(target), named);
}
