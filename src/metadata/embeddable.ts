import { COLUMN, type Columns } from '../codec/column.ts';
import type { Insertable, Row, Shaped } from '../criteria/entity-types.ts';
import { checkColumns } from './check-declaration.ts';
import { jsonValue } from './entity-json.ts';
import { assignInitialValues } from './initial-values.ts';

/** Where an embeddable class carries its columns; shared by every copy of this package. */
const EMBEDDABLE: unique symbol = /* @__PURE__ */ Symbol.for('meshestra.embeddable') as never;

/** A class whose objects are values inside of entities. */
export type EmbeddableClass<T extends object = object> = new (...args: never[]) => T;

/** The base class that {@link Embeddable} makes. */
export interface EmbeddableBase<D extends Columns> {
  new (init?: Insertable<D>): Row<D> & Shaped<D>;
  readonly columns: D;
}

/** Stands for the class in messages about it: its own name is not to be relied on. */
const NAME = 'Embeddable';

/**
 * Declares the columns of a value that entities embed with `embedded(…)`, as the base class of its own class: an address, an
 * amount of money. Throws `configuration` for a wrong declaration.
 *
 * @example
 * ```ts
 * import { Embeddable, embedded, Entity, integer, text } from 'meshestra';
 *
 * class Address extends Embeddable({ street: text(), city: text(), zip: text().nullable() }) {
 *   get line(): string {
 *     return `${this.street}, ${this.city}`;
 *   }
 * }
 * class Author extends Entity('authors', { id: integer().primaryKey().generated(), address: embedded(Address) }) {}
 * // the columns address_street, address_city, address_zip
 * ```
 */
export function Embeddable<D extends Columns>(columns: D): EmbeddableBase<D> {
  checkColumns(NAME, columns);
  class Declared {
    static readonly columns = columns;
    static readonly [EMBEDDABLE] = columns;
    constructor(init?: Readonly<Record<string, unknown>>) {
      if (init !== undefined) assignInitialValues(this, NAME, columns, init);
    }
  }
  showAsJson(Declared, columns);
  return Declared as unknown as EmbeddableBase<D>;
}

/** Makes a decorated class an embeddable one. */
export function declareEmbeddable(target: EmbeddableClass, columns: Columns): void {
  checkColumns(NAME, columns);
  Object.defineProperty(target, EMBEDDABLE, { value: columns });
  showAsJson(target, columns);
}

/** The columns of an embeddable class, or undefined where it is none. */
export function embeddableColumns(target: object): Columns | undefined {
  return (target as { readonly [EMBEDDABLE]?: Columns })[EMBEDDABLE];
}

function showAsJson(target: EmbeddableClass, columns: Columns): void {
  if ('toJSON' in target.prototype) return;
  Object.defineProperty(target.prototype, 'toJSON', {
    configurable: true,
    writable: true,
    value(this: object) {
      const visible = Object.entries(this).filter(([property]) => columns[property]?.[COLUMN].hidden !== true);
      return Object.fromEntries(visible.map(([property, value]) => [property, jsonValue(value)]));
    },
  });
}
