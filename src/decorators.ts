/**
 * The decorated form of entities, with standard (TC39) decorators. It declares the same as `Entity(…)` and types the
 * same; a field whose type does not fit its column or relation does not compile.
 *
 * @module
 */
import type { Column as ColumnOf, Optionality } from './codec/column.ts';
import type { Collection, Generated, InKey, OptionalRef, Ref } from './criteria/entity-types.ts';
import { type ManyToManyOptions, manyToMany } from './entity-manager/many-to-many.ts';
import {
  declareDecorated,
  declareDecoratedEmbeddable,
  declareDecoratedSubtype,
  noteColumn,
} from './metadata/decorated-class.ts';
import type { EmbeddableClass } from './metadata/embeddable.ts';
import type { EntityClass } from './metadata/entity-class.ts';
import type { EntityOptions } from './metadata/entity-declaration.ts';
import type { ToManyOptions, ToOneOptions } from './metadata/relations.ts';
import * as relations from './metadata/relations.ts';

/** What a field decorator answers with when the field's type is not the declared one. */
export interface FieldTypeMismatch<Wanted> {
  readonly 'the field must be of this type': Wanted;
}

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
type Fits<V, T> =
  Same<V, T> extends true
    ? unknown
    : null extends T
      ? FieldTypeMismatch<T>
      : undefined extends T
        ? FieldTypeMismatch<T>
        : Same<V, Generated<T>> extends true
          ? unknown
          : FieldTypeMismatch<T>;
type Field<This, V> = ClassFieldDecoratorContext<This, V>;
type FieldDecorator<T> = <This extends object, V>(value: undefined, context: Field<This, V> & Fits<V, T>) => void;
type RelationDecorator<T> = <This extends object, V>(
  value: undefined,
  context: Field<This, V> & Fits<V, T>,
) => (this: This, initial: V) => V;

/**
 * Declares a class as the entity of a table.
 *
 * @example
 * ```ts
 * import { type Generated, integer, type Ref, text } from 'meshestra';
 * import { Column, ManyToOne, Mapped } from 'meshestra/decorators';
 *
 * @Mapped('authors')
 * class Author {
 *   @Column(integer().primaryKey().generated()) id!: Generated<number>;
 *   @Column(text()) name!: string;
 * }
 *
 * @Mapped('posts')
 * class Post {
 *   @Column(integer().primaryKey().generated()) id!: Generated<number>;
 *   @ManyToOne(() => Author) author!: Ref<Author>;
 * }
 * ```
 */
export function Mapped<T extends object = object>(
  table: string,
  options: EntityOptions<T> = {},
): <C extends EntityClass<T>>(target: C, context: ClassDecoratorContext<C>) => void {
  return (target) => declareDecorated(target, table, options);
}

/** Declares a class that extends a decorated entity as its subtype: rows of the same table with this discriminator value. */
export function Subtype(value: string): <C extends EntityClass>(target: C, context: ClassDecoratorContext<C>) => void {
  return (target) => declareDecoratedSubtype(target, value);
}

/**
 * Declares a class whose objects are values inside of entities: `@Column(embedded(Address)) address!: Embedded<Address>`,
 * with `{ as: 'json' }` `EmbeddedJson<Address>`.
 */
export function Embeddable(): <C extends EmbeddableClass>(target: C, context: ClassDecoratorContext<C>) => void {
  return (target) => declareDecoratedEmbeddable(target);
}

/** Declares a field as a column. */
export function Column<T>(column: ColumnOf<T, Optionality, boolean>): FieldDecorator<T> {
  return (_value, context) => noteColumn((context as { readonly name: string | symbol }).name, column);
}

/** Declares a field as a to-one relation with the foreign key on this side. */
export function ManyToOne<T extends object>(
  target: () => EntityClass<T>,
  options: ToOneOptions & { readonly primaryKey: true },
): RelationDecorator<Ref<T> & InKey>;
export function ManyToOne<T extends object>(
  target: () => EntityClass<T>,
  options: ToOneOptions & { readonly nullable: true },
): RelationDecorator<OptionalRef<T>>;
export function ManyToOne<T extends object>(
  target: () => EntityClass<T>,
  options?: ToOneOptions & { readonly nullable?: false; readonly primaryKey?: false },
): RelationDecorator<Ref<T>>;
export function ManyToOne(target: () => EntityClass, options: ToOneOptions = {}): never {
  return (() => () => relations.manyToOne(target, options)) as never;
}

type PointsTo<R, This> =
  R extends Ref<infer Owner>
    ? This extends Owner
      ? unknown
      : FieldTypeMismatch<Owner>
    : R extends OptionalRef<infer Owner>
      ? This extends Owner
        ? unknown
        : FieldTypeMismatch<Owner>
      : FieldTypeMismatch<R>;
type InverseDecorator<T, R> = <This extends object, V>(
  value: undefined,
  context: Field<This, V> & Fits<V, T> & PointsTo<R, This>,
) => (this: This, initial: V) => V;

/** Declares a field as the to-many side of a relation whose foreign key `inverse` names. */
export function OneToMany<T extends object, R extends relations.InverseRef>(
  target: () => EntityClass<T>,
  inverse: (target: T) => R,
  options: ToManyOptions = {},
): InverseDecorator<Collection<T>, R> {
  return (() => () => relations.oneToMany(target, inverse, options)) as never;
}

/** Declares a field as one side of a one-to-one relation; with `inverse` the other side has the foreign key. */
export function OneToOne<T extends object>(
  target: () => EntityClass<T>,
  inverse?: ((target: T) => relations.InverseRef) | null,
  options: ToOneOptions = {},
): RelationDecorator<OptionalRef<T>> {
  return (() => () => relations.oneToOne(target, inverse, options)) as never;
}

/** Declares a field as one side of a many-to-many relation. */
export function ManyToMany<T extends object>(
  target: () => EntityClass<T>,
  options: ManyToManyOptions<T> = {},
): RelationDecorator<Collection<T>> {
  return (() => () => manyToMany(target, options)) as never;
}
