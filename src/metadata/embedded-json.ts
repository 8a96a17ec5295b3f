import { type Codec, InvalidValue } from '../codec/codec.ts';
import type { ColumnDefinition } from '../codec/column.ts';
import { fromHex, toHex } from '../codec/hex.ts';
import { jsonCodec } from '../codec/json.ts';
import { refuse } from '../codec/refuse.ts';
import type { WireValue } from '../wire/wire-value.ts';
import type { EmbeddedMember, EmbeddedValue } from './embedded-value.ts';
import { initialValue } from './initial-values.ts';

type Tree = Record<string, unknown>;

/**
 * Puts the JSON form of an embedded value around the JSON of a dialect: an object of its columns in their order, an instant
 * as ISO text, a bigint as digits, bytes in hexadecimal.
 */
export function embeddedJsonCodec(embedded: EmbeddedValue): (json: Codec) => Codec {
  return (json) => ({
    identity: false,
    wireType: 'string',
    encode: (value) => json.encode(toTree(embedded, value)),
    decode: (wire) => fromTree(embedded, json.decode(wire)),
    equals(value, wire) {
      try {
        const tree = toTree(embedded, value);
        // What is not in the text counts as what it is read as.
        return json.equals(tree, wire) || same(tree, toTree(embedded, fromTree(embedded, json.decode(wire))));
      } catch (flaw) {
        if (flaw instanceof InvalidValue) return false;
        throw flaw;
      }
    },
  });
}

function same(left: Tree, right: Tree): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

function toTree(embedded: EmbeddedValue, value: unknown): Tree {
  const source = embedded.read(value);
  if (typeof source === 'string') throw new InvalidValue(source);
  return each(embedded, (member) => {
    const own = source[member.property] ?? missing(member);
    if (own === null) return null;
    return member.value === undefined ? leafToJson(member.definition, own) : toTree(member.value, own);
  });
}

function fromTree(embedded: EmbeddedValue, tree: unknown): object {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return refuse('a JSON object', tree);
  const values = each(embedded, (member) => {
    const own: unknown = Object.hasOwn(tree, member.property) ? Reflect.get(tree, member.property) : null;
    if (own === null || own === undefined) return missing(member);
    return member.value === undefined ? leafFromJson(member.definition, own) : fromTree(member.value, own);
  });
  return Object.assign(new embedded.target(), values);
}

function each(embedded: EmbeddedValue, memberValue: (member: EmbeddedMember) => unknown): Tree {
  const tree: Tree = {};
  for (const member of embedded.members) {
    try {
      tree[member.property] = memberValue(member);
    } catch (flaw) {
      if (!(flaw instanceof InvalidValue)) throw flaw;
      throw new InvalidValue(`${member.property}: ${flaw.message}`);
    }
  }
  return tree;
}

function missing({ definition }: EmbeddedMember): unknown {
  const value = definition.nullable ? null : initialValue(definition.default, false);
  if (value === undefined) throw new InvalidValue('a value is required');
  return value;
}

function codecOf({ codec, wrap }: ColumnDefinition): Codec {
  return wrap?.(codec) ?? codec;
}

function leafToJson(definition: ColumnDefinition, value: unknown): unknown {
  const wire = codecOf(definition).encode(value);
  switch (definition.type.name) {
    case 'json':
      return JSON.parse(String(wire));
    case 'boolean':
      return wire === 1;
    case 'datetime':
      return new Date(Number(wire)).toISOString();
    case 'bigint':
      return String(wire);
    case 'bytes':
      return toHex(wire as Uint8Array);
    default:
      return wire;
  }
}

function leafFromJson(definition: ColumnDefinition, json: unknown): unknown {
  return codecOf(definition).decode(wireOf(definition, json));
}

function wireOf({ type }: ColumnDefinition, json: unknown): WireValue {
  switch (type.name) {
    case 'json':
      return jsonCodec.encode(json);
    case 'boolean':
      return typeof json === 'boolean' ? Number(json) : refuse('a boolean', json);
    case 'datetime':
      return Date.parse(textOf(json, /^/));
    case 'bigint':
      return BigInt(textOf(json, /^-?\d+$/));
    case 'bytes':
      return fromHex(textOf(json, /^(?:[\da-f]{2})*$/));
    default:
      return json as WireValue;
  }
}

function textOf(json: unknown, form: RegExp): string {
  return typeof json === 'string' && form.test(json) ? json : refuse('text of another form', json);
}
