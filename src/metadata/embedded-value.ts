import { COLUMN, type ColumnDefinition, type Columns } from '../codec/column.ts';
import { describeKind, tagOf } from '../codec/refuse.ts';
import type { EmbeddableClass } from './embeddable.ts';
import type { DeclaredColumn, Embedding } from './embedding.ts';
import type { EntityDraft } from './entity-draft.ts';
import { invalid } from './entity-error.ts';
import { initialValue } from './initial-values.ts';
import type { NamingStrategy } from './naming-strategy.ts';

/** A column of an embeddable class; `value` is there where it is an embedded value again. */
export interface EmbeddedMember {
  readonly property: string;
  readonly definition: ColumnDefinition;
  readonly value: EmbeddedValue | undefined;
}

type Properties = Record<string, unknown>;

/** Gives an embedded value its columns; handed in, because it knows the class below. */
export type ExpandEmbedded = (
  value: EmbeddedValue,
  draft: EntityDraft,
  property: string,
  definition: ColumnDefinition,
  naming: NamingStrategy,
) => readonly DeclaredColumn[];

/** The embedded value that one column declares. */
export class EmbeddedValue implements Embedding {
  readonly target: EmbeddableClass;
  readonly as: 'columns' | 'json';
  readonly prefix: string | undefined;
  readonly members: readonly EmbeddedMember[];
  readonly #expand: ExpandEmbedded;

  constructor(
    target: EmbeddableClass,
    columns: Columns,
    { as = 'columns', prefix }: { readonly as?: 'columns' | 'json'; readonly prefix?: string | undefined },
    expand: ExpandEmbedded,
  ) {
    this.#expand = expand;
    this.target = target;
    this.as = as;
    this.prefix = prefix;
    this.members = Object.keys(columns).flatMap((property) => {
      const definition = columns[property]?.[COLUMN];
      if (definition === undefined) return [];
      return [{ property, definition, value: definition.embedded as EmbeddedValue | undefined }];
    });
  }

  expand(
    draft: EntityDraft,
    property: string,
    definition: ColumnDefinition,
    naming: NamingStrategy,
  ): readonly DeclaredColumn[] {
    return this.#expand(this, draft, property, definition, naming);
  }

  take(table: string, property: string, value: unknown): unknown {
    if (value === null || value === undefined) return value;
    const source = this.read(value);
    if (typeof source === 'string') throw invalid(table, property, source);
    const made = new this.target() as Properties;
    for (const member of this.members) {
      const given = Object.hasOwn(source, member.property) ? source[member.property] : undefined;
      const initial = member.definition.default;
      const own = given === undefined ? initialValue(initial, member.definition.nullable) : given;
      made[member.property] = member.value?.take(table, `${property}.${member.property}`, own) ?? own;
    }
    return made;
  }

  /** The object that a value is, or what is wrong with it: data must not be lost because a name is spelt wrong. */
  read(value: unknown): Readonly<Properties> | string {
    if (typeof value !== 'object' || value === null || tagOf(value) !== 'Object')
      return `takes an object of ${this.members.map(({ property }) => property).join(', ')}, not ${describeKind(value)}`;
    const isKnown = (key: string): boolean => this.members.some(({ property }) => property === key);
    const unknown = value instanceof this.target ? undefined : Object.keys(value).find((key) => !isKnown(key));
    return unknown === undefined ? (value as Properties) : `there is no property '${unknown.slice(0, 60)}' in it`;
  }

  /** An object without values, to be filled from a row. */
  blank(): object {
    const made = new this.target() as Properties;
    for (const { property, definition, value } of this.members) {
      made[property] = definition.nullable ? null : value?.as === 'columns' ? value.blank() : undefined;
    }
    return made;
  }

  /** Whether nothing in a value is other than null. */
  isEmpty(value: unknown): boolean {
    if (value === null || value === undefined) return true;
    return this.members.every((member) => {
      const own: unknown = Reflect.get(value as object, member.property);
      return member.value?.as === 'columns' ? member.value.isEmpty(own) : own === null || own === undefined;
    });
  }

  toPlain(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const visible = this.members.filter(({ definition }) => !definition.hidden);
    return Object.fromEntries(
      visible.map((member) => {
        const own: unknown = Reflect.get(value, member.property);
        return [member.property, member.value === undefined ? own : member.value.toPlain(own)];
      }),
    );
  }
}
