import type { Codec } from '../codec/codec.ts';
import { InvalidValue } from '../codec/codec.ts';
import type { ColumnDefinition } from '../codec/column.ts';
import { probeEmbeddable } from './check-embeddable.ts';
import { type EmbeddedLeaf, type EmbeddedLevel, MISSING, readLeaf, writeLeaf } from './embedded-access.ts';
import { createEmbeddedProperties } from './embedded-properties.ts';
import type { EmbeddedValue } from './embedded-value.ts';
import type { DeclaredColumn } from './embedding.ts';
import type { EntityDraft } from './entity-draft.ts';
import { misdeclared } from './entity-error.ts';
import type { NamingStrategy } from './naming-strategy.ts';

/** The columns that an embedded value has in the table of an entity. Throws `configuration`. */
export function expandEmbedded(
  value: EmbeddedValue,
  draft: EntityDraft,
  property: string,
  definition: ColumnDefinition,
  naming: NamingStrategy,
): readonly DeclaredColumn[] {
  const level: EmbeddedLevel = { property, nullable: definition.nullable, value };
  probeEmbeddable(value, draft.table, property);
  checkOuter(draft, property, definition, value.as);
  const leaves = value.as === 'json' ? [] : [...leavesOf([level])];
  draft.embedded = createEmbeddedProperties(draft.embedded, level, leaves);
  if (value.as === 'json') return [[property, definition]];
  return leaves.map((leaf) => {
    Object.defineProperty(draft.target.prototype, leaf.path, {
      configurable: true,
      get(this: object) {
        return readLeaf(this, leaf);
      },
      set(this: object, next: unknown) {
        writeLeaf(this, leaf, next);
      },
    });
    return [leaf.path, columnOf(leaf, definition.hidden, naming)] as const;
  });
}

function checkOuter(draft: EntityDraft, property: string, definition: ColumnDefinition, as: 'columns' | 'json'): void {
  const { primary, generated, version, unique, indexed, name } = definition;
  const whole = definition.default?.kind === 'value' || (as === 'columns' && definition.default !== null);
  if (whole) {
    const advice = as === 'json' ? 'give .default() a function' : 'give its own columns defaults';
    throw misdeclared(draft.table, property, `an embedded value has no default; ${advice}`);
  }
  if (primary || generated || version || (as === 'columns' && (unique || indexed || name !== null))) {
    const advice = "say so of its own columns, or name them in the entity's indexes; prefix gives other names";
    throw misdeclared(draft.table, property, `an embedded value is no column by itself; ${advice}`);
  }
}

function* leavesOf(levels: readonly EmbeddedLevel[]): Generator<EmbeddedLeaf> {
  const inner = levels.at(-1)?.value;
  for (const { property, definition, value } of inner?.members ?? []) {
    if (value?.as === 'columns') {
      yield* leavesOf([...levels, { property, nullable: definition.nullable, value }]);
      continue;
    }
    const path = [...levels.map((level) => level.property), property].join('.');
    yield { path, levels, property, definition, optional: levels.some(({ nullable }) => nullable) };
  }
}

function columnOf(leaf: EmbeddedLeaf, hidden: boolean, naming: NamingStrategy): ColumnDefinition {
  const { levels, optional } = leaf;
  const { embedded: _, wrap, ...definition } = leaf.definition;
  const own = definition.name ?? naming.column(leaf.property);
  const name = levels.reduceRight((inner, { property, value: { prefix } }) => {
    if (prefix !== undefined) return prefix + inner;
    return naming.embedded?.(property, inner) ?? naming.foreignKey(property, inner);
  }, own);
  return {
    ...definition,
    name,
    nullable: definition.nullable || optional,
    hidden: definition.hidden || hidden,
    // A value that is null has no defaults; one that is not got them when it was made.
    default: optional ? null : definition.default,
    wrap: (codec) => {
      const own = wrap?.(codec) ?? codec;
      return optional && !definition.nullable ? requiring(own) : own;
    },
  };
}

function requiring(codec: Codec): Codec {
  return {
    ...codec,
    encode: (value) => {
      if (value !== MISSING) return codec.encode(value);
      throw new InvalidValue('a value is required as long as the embedded value is not null');
    },
  };
}
