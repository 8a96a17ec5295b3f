import type { WireKey } from '../wire/wire-value.ts';
import type { Operator } from './operator.ts';

/**
 * What a relation object asks of the unit of work it belongs to. One loader serves all instances of one relation in one
 * unit of work, so that an entity carries no closures.
 */
export interface RelationLoader {
  /** The entity and property, for messages: `posts.author`. */
  readonly path: string;
  /** Whether a link table has the relation, so that an edit may meet a row that is there or not. */
  readonly isLink: boolean;
  /** Throws `validation` for what is no entity of the other end. */
  check(item: object): void;
  /** The key that the application sees for the wire values of a foreign key. */
  decodeKey(wire: WireKey): unknown;
  /** The key of an entity, or undefined while it has none. */
  keyOf(entity: object): unknown;
  /** The related entity where the identity map has it. */
  find(wire: WireKey): object | undefined;
  /** Reads the related entity, or null; fills the relation object. */
  loadOne(owner: object): Promise<object | null>;
  /** Reads the related entities; fills the relation object. */
  loadMany(owner: object): Promise<readonly object[]>;
  count(owner: object): Promise<number>;
  matching(owner: object, where: Operator | object): Promise<readonly object[]>;
  /** Tells that a to-one relation was changed by the application. */
  changed(owner: object, previous: object | null, next: object | null): void;
  /** Tells that an item was added to, or removed from, a to-many relation by the application. */
  added(owner: object, item: object): void;
  removed(owner: object, item: object): void;
}
