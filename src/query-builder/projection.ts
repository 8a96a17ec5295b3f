import type { ProjectionNode } from '../ast/query-node.ts';
import { type Codec, InvalidValue } from '../codec/codec.ts';
import { DeserializationError, ValidationError } from '../errors.ts';
import type { EntityMetadata } from '../metadata/entity-metadata.ts';
import { readNode } from '../query/lower-column.ts';
import type { QueryHost } from '../query/selection.ts';
import type { WireRow } from '../wire/wire-value.ts';
import { type Expression, isExpression, lowerOf, type ValueMark } from './expression.ts';
import { type EntityMark, fieldAt, fieldOf } from './fields.ts';
import type { Level, Place, Source } from './level.ts';
import { type Lowered, readable } from './lowered.ts';
import type { OutputColumn } from './output-column.ts';
import { resolve } from './resolve-path.ts';

/** What `select()` makes of each row: an expression, the fields of an entity for the entity itself, or an object of such. */
export type Projection = Expression<unknown> | EntityMark<object | null> | { readonly [name: string]: Projection };

/** The type of a row that a projection makes. */
export type Projected<P> =
  P extends ValueMark<infer V> ? V : P extends EntityMark<infer E> ? E : { -readonly [K in keyof P]: Projected<P[K]> };

/** The entities in the rows of a result, from an offset on; null where a row has none. */
export type LoadRows = QueryHost['unit']['load'];

/** A projection in one statement. */
export interface LoweredProjection {
  readonly columns: readonly ProjectionNode[];
  /** The columns by the path of their property; null where an entity is among them, which no query around it can read. */
  readonly outputs: ReadonlyMap<string, OutputColumn> | null;
  /** Whether a row is the value of its one column, and not an object. */
  readonly isBare: boolean;
  readonly read: (rows: readonly WireRow[], load: LoadRows) => unknown[];
}

/** The projection that gives the rows of a query as they are. */
export function wholeRows({ outputs, isBare }: Place, source: Source): Projection {
  // Not by naming one behind the other: a property may be called like a method of expressions.
  const at = (path: readonly string[]): Projection => fieldAt({ source, path }) as Projection;
  if (isBare) return at([...outputs.keys()]);
  // Without a prototype: a property may be called 'constructor'.
  const rows = Object.create(null) as Record<string, unknown>;
  for (const property of outputs.keys()) {
    const path = property.split('.');
    const last = path.pop() as string;
    let parent = rows;
    for (const name of path) {
      parent[name] ??= Object.create(null);
      parent = parent[name] as Record<string, unknown>;
    }
    parent[last] = at([...path, last]);
  }
  return rows as Projection;
}

/** How one part of every row is read. */
type Reader = (rows: readonly WireRow[], load: LoadRows) => (index: number) => unknown;

interface Building {
  readonly level: Level;
  readonly named: boolean;
  readonly columns: ProjectionNode[];
  readonly outputs: Map<string, OutputColumn>;
  hasEntity: boolean;
}

/** Makes the columns of a projection. Throws `validation` for what is none. */
export function lowerProjection(level: Level, projection: Projection, named: boolean): LoweredProjection {
  const building: Building = { level, named, columns: [], outputs: new Map(), hasEntity: false };
  const reader = lowerPart(building, projection, []);
  const { columns, outputs, hasEntity } = building;
  const read: LoweredProjection['read'] = (rows, load) => {
    const readRow = reader(rows, load);
    return rows.map((_, index) => readRow(index));
  };
  return { columns, outputs: hasEntity ? null : outputs, isBare: isExpression(projection), read };
}

function lowerPart(building: Building, part: unknown, path: readonly string[]): Reader {
  const field = fieldOf(part);
  if (field !== undefined) {
    const found = resolve(building.level, field);
    if (found.kind === 'value') return lowerValue(building, found.value, path);
    if (found.kind === 'entity') return lowerEntity(building, found.place, found.meta);
    throw new ValidationError(`select(): '${field.path.join('.')}' is a relation to many; join() it`);
  }
  if (isExpression(part)) return lowerValue(building, lowerOf(part)(building.level), path);
  return lowerObject(building, part, path);
}

// Deeper than any result is meant to be; an object that contains itself must not overflow the stack.
const MAX_DEPTH = 100;

function lowerObject(building: Building, part: unknown, path: readonly string[]): Reader {
  if (path.length >= MAX_DEPTH) throw new ValidationError(`select(): objects are nested more than ${MAX_DEPTH} deep`);
  if (typeof part !== 'object' || part === null || Array.isArray(part) || Object.keys(part).length === 0) {
    const where = path.length === 0 ? '' : ` at '${path.join('.')}'`;
    throw new ValidationError(
      `select()${where}: expected an expression, an entity's fields, or an object of them; a value stands in literal(…)`,
    );
  }
  const members = Object.entries(part).map(([name, member]) => {
    checkName(building, name);
    return [name, lowerPart(building, member, [...path, name])] as const;
  });
  return (rows, load) => {
    const readers = members.map(([name, reader]) => [name, reader(rows, load)] as const);
    return (index) => {
      const row: Record<string, unknown> = {};
      for (const [name, read] of readers) row[name] = read(index);
      return row;
    };
  };
}

// A query around this one finds a column by the path of its property, whose names dots part.
function checkName({ named }: Building, name: string): void {
  if (name !== '__proto__' && !(named && (name === '' || name.includes('.')))) return;
  const where = named ? ' in a query inside of another' : '';
  throw new ValidationError(`select(): a property${where} cannot be called '${name.slice(0, 60)}'`);
}

function lowerValue(building: Building, value: Lowered, path: readonly string[]): Reader {
  const place = building.columns.length;
  const name = `c${place}`;
  building.columns.push({ kind: 'projection', operand: readable(value), name: building.named ? name : null });
  const { custom: _, ...type } = value.type;
  const { codec, nullable, units } = value;
  const property = path.join('.') || 'value';
  if (building.outputs.has(property)) throw new ValidationError(`select(): there are two columns '${property}'`);
  building.outputs.set(property, { name, type, codec, nullable, units });
  return (rows) => (index) => decode(codec, rows[index]?.[place] ?? null, property);
}

function decode(codec: Codec, wire: WireRow[number], property: string): unknown {
  if (wire === null || (codec.identity && typeof wire === codec.wireType)) return wire;
  try {
    return codec.decode(wire);
  } catch (cause) {
    if (!(cause instanceof InvalidValue)) throw cause;
    throw new DeserializationError(`the column '${property}' of a query cannot be read: ${cause.message}`, {
      property,
      cause,
    });
  }
}

function lowerEntity(building: Building, place: Place, meta: EntityMetadata): Reader {
  const offset = building.columns.length;
  building.hasEntity = true;
  for (const column of meta.root.eager) {
    building.columns.push({ kind: 'projection', operand: readNode(place.alias, column), name: null });
  }
  return (rows, load) => {
    const entities = load(meta, rows, offset);
    return (index) => entities[index] ?? null;
  };
}
