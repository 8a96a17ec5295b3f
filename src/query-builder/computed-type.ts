import { bigintCodec } from '../codec/bigint.ts';
import { booleanAsInteger } from '../codec/boolean.ts';
import { type Codec, InvalidValue } from '../codec/codec.ts';
import type { ColumnType } from '../codec/column-type.ts';
import { decimalCodec } from '../codec/decimal.ts';
import { finiteFloatCodec } from '../codec/float.ts';
import { integerCodec } from '../codec/integer.ts';
import { textCodec } from '../codec/text.ts';
import { ValidationError } from '../errors.ts';
import type { Level } from './level.ts';
import type { Lowered } from './lowered.ts';

/** The types that a query itself computes; of all others it passes the values on. */
export type ComputedType = ColumnType & {
  readonly name: 'integer' | 'bigint' | 'float' | 'decimal' | 'text' | 'boolean';
};

/** A whole number of JavaScript. */
export const INTEGER: ComputedType = { name: 'integer' };
/** A floating point number. */
export const FLOAT: ComputedType = { name: 'float' };
/** Text of any length. */
export const TEXT: ComputedType = { name: 'text' };
/** A condition. */
export const BOOLEAN: ComputedType = { name: 'boolean' };

/** A computed value of a type. */
export function computed({ criteria }: Level, node: Lowered['node'], type: ComputedType, nullable: boolean): Lowered {
  return { node, type, codec: criteria.dialect.codec(type, standardCodec(type)), nullable, column: null, units: null };
}

function standardCodec(type: ComputedType): Codec {
  switch (type.name) {
    case 'integer':
      return integerCodec;
    case 'bigint':
      return bigintCodec;
    case 'float':
      return finiteFloatCodec;
    case 'decimal':
      return decimalCodec(type);
    case 'text':
      return textCodec(type);
    case 'boolean':
      return booleanAsInteger;
  }
}

/**
 * A number as one that the engine computes with: where it would take a decimal for a floating point number, the decimal as a
 * whole number of its smallest unit. Throws `validation` for what is no number.
 */
export function numeric(level: Level, operand: Lowered): Lowered {
  const { type } = operand;
  if (type.custom === undefined) {
    if (type.name === 'integer' || type.name === 'bigint' || type.name === 'float') return operand;
    if (type.name === 'decimal') return level.words.decimalsInUnits ? inUnits(level, operand, type) : operand;
  }
  throw new ValidationError(`a query computes with numbers only, not with a value of the type '${type.name}'`);
}

function inUnits(level: Level, operand: Lowered, type: ColumnType & { readonly name: 'decimal' }): Lowered {
  return units(level, { kind: 'ordered', operand: operand.node, type }, type.scale, operand.nullable);
}

/** Whole numbers of a decimal's smallest unit. */
export function units(_level: Level, node: Lowered['node'], scale: number, nullable: boolean): Lowered {
  return { node, type: { name: 'bigint' }, codec: unitsCodec(scale), nullable, column: null, units: scale };
}

/** How many digits behind the point a decimal has; null for what is none. */
export function scaleOf({ type, units: scale }: Pick<Lowered, 'type' | 'units'>): number | null {
  return type.name === 'decimal' ? type.scale : scale;
}

/** Decimals of up to 38 digits as whole numbers of their smallest unit. */
function unitsCodec(scale: number): Codec {
  const decimal = decimalCodec({ name: 'decimal', precision: 38, scale });
  const encode: Codec['encode'] = (value) => BigInt(String(decimal.encode(value)).replace('.', ''));
  return {
    identity: false,
    wireType: 'object',
    encode,
    decode: (wire) => {
      if (typeof wire === 'number' && !Number.isSafeInteger(wire)) {
        throw new InvalidValue('expected a whole number of units that is exact, got one beyond 2^53');
      }
      return decimalText(BigInt(wire as number | bigint | string), scale);
    },
    equals: (value, wire) => encode(value) === BigInt(wire as number | bigint | string),
  };
}

function decimalText(count: bigint, scale: number): string {
  const digits = String(count < 0n ? -count : count).padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return count < 0n ? `-${text}` : text;
}
