import { type AnyColumn, COLUMN } from '../codec/column.ts';
import { ConfigurationError } from '../errors.ts';
import { checkDeclaration } from './check-declaration.ts';
import { declareEmbeddable, type EmbeddableClass } from './embeddable.ts';
import type { EntityClass } from './entity-class.ts';
import { declarationOf, ENTITY, type EntityDeclaration, type EntityOptions } from './entity-declaration.ts';
import { entityToJson } from './entity-json.ts';
import { checkSubtype, hierarchySupport } from './hierarchy.ts';

// Field decorators run before the class exists, and `context.metadata` is not there everywhere: what they note waits
// here for the class decorator, which runs next.
let waiting = new Map<string, AnyColumn>();

/** Notes the column of a decorated field. Throws `configuration` for a field that cannot be a column. */
export function noteColumn(field: string | symbol, column: AnyColumn): void {
  if (typeof field === 'symbol' || column?.[COLUMN] === undefined) {
    throw new ConfigurationError(`@Column: ${String(field)} is not a named field with a column such as text()`);
  }
  waiting.set(field, column);
}

/** Declares a decorated class as the entity of a table, with the columns noted since the last class. */
export function declareDecorated(target: EntityClass, table: string, options: EntityOptions): void {
  declare(target, { table, columns: drain(), options, decorated: true, parent: null });
}

/** Declares a decorated class as a subtype of the decorated class that it extends. */
export function declareDecoratedSubtype(target: EntityClass, value: string): void {
  const base: EntityClass = Object.getPrototypeOf(target);
  const parent = declarationOf(base);
  if (parent === undefined)
    throw new ConfigurationError(`@Subtype('${value}'): the class does not extend an entity class`);
  const { table, options } = parent;
  const declaration: EntityDeclaration = {
    table,
    columns: drain(),
    options,
    decorated: true,
    parent: { target: base, value, support: hierarchySupport },
  };
  checkSubtype(declaration);
  declare(target, declaration);
}

/** Declares a decorated class as embeddable, with the columns noted since the last class. */
export function declareDecoratedEmbeddable(target: EmbeddableClass): void {
  declareEmbeddable(target, drain());
}

function drain(): EntityDeclaration['columns'] {
  const columns = Object.fromEntries(waiting);
  waiting = new Map();
  return columns;
}

function declare(target: EntityClass, declaration: EntityDeclaration): void {
  checkDeclaration(declaration);
  Object.defineProperty(target, ENTITY, { value: Object.freeze(declaration) });
  if (!('toJSON' in target.prototype)) {
    Object.defineProperty(target.prototype, 'toJSON', {
      configurable: true,
      writable: true,
      value(this: object) {
        return entityToJson(this);
      },
    });
  }
}
