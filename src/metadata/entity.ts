import type { Columns } from '../codec/column.ts';
import type { Insertable, Row, Shaped } from '../criteria/entity-types.ts';
import { ConfigurationError } from '../errors.ts';
import { checkDeclaration } from './check-declaration.ts';
import type { EntityClass } from './entity-class.ts';
import { allColumns, declarationOf, ENTITY, type EntityDeclaration, type EntityOptions } from './entity-declaration.ts';
import { entityToJson } from './entity-json.ts';
import { checkSubtype, hierarchySupport } from './hierarchy.ts';
import { assignInitialValues } from './initial-values.ts';

/** The base class that {@link Entity} makes for a table. */
export interface EntityBase<N extends string, D extends Columns> {
  new (init?: Insertable<D>): Row<D> & Shaped<D>;
  readonly columns: D;
  readonly table: N;
}

/** The base class that {@link subtype} makes. */
export interface SubtypeBase<B extends { readonly columns: Columns }, D extends Columns> {
  new (
    init?: Insertable<B['columns'] & D>,
  ): Omit<InstanceOf<B>, keyof Shaped<Columns>> & Row<D> & Shaped<B['columns'] & D>;
  readonly columns: B['columns'] & D;
  readonly table: string;
}

type InstanceOf<B> = B extends new (...args: never[]) => infer I ? I : never;

/**
 * Declares a table and its columns, as the base class of an entity. The class has no methods of persistence; an
 * EntityManager does everything. Throws `configuration` for a wrong declaration.
 *
 * @example
 * ```ts
 * import { Entity, integer, text } from 'meshestra';
 *
 * class Author extends Entity('authors', {
 *   id: integer().primaryKey().generated(),
 *   name: text({ maxLength: 100 }),
 * }) {}
 * ```
 */
export function Entity<const N extends string, D extends Columns>(
  table: N,
  columns: D,
  options: EntityOptions<Row<NoInfer<D>>> = {},
): EntityBase<N, D> {
  const declaration: EntityDeclaration = Object.freeze({ table, columns, options, decorated: false, parent: null });
  checkDeclaration(declaration);
  class Declared {
    static readonly columns = columns;
    static readonly table = table;
    static readonly [ENTITY] = declaration;
    constructor(init?: Readonly<Record<string, unknown>>) {
      // Hydration calls without arguments and fills the columns itself.
      if (init !== undefined) assignInitialValues(this, table, columns, init);
    }
    toJSON(): Record<string, unknown> {
      return entityToJson(this);
    }
  }
  return Declared as unknown as EntityBase<N, D>;
}

/**
 * Declares a class whose rows live in the table of `base`, told apart by a discriminator column (single-table
 * inheritance). Its columns are NULL in the rows of other classes. `base` must be evaluated first: no import cycle may
 * run through `extends`.
 */
export function subtype<B extends { readonly columns: Columns }, const V extends string, D extends Columns>(
  base: B,
  value: V,
  columns: D,
): SubtypeBase<B, D> {
  const parent = declarationOf(base);
  if (parent === undefined) throw new ConfigurationError(`subtype '${value}': the base is not an entity class`);
  const target = base as unknown as EntityClass;
  const declaration: EntityDeclaration = Object.freeze({
    table: parent.table,
    columns,
    options: parent.options,
    decorated: parent.decorated,
    parent: { target, value, support: hierarchySupport },
  });
  checkDeclaration(declaration);
  checkSubtype(declaration);
  const complete = allColumns(declaration);
  class Declared extends target {
    static readonly columns = complete;
    static readonly [ENTITY] = declaration;
    constructor(init?: Readonly<Record<string, unknown>>) {
      super();
      if (init !== undefined) assignInitialValues(this, declaration.table, complete, init);
    }
  }
  return Declared as unknown as SubtypeBase<B, D>;
}
