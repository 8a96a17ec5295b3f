import { InvalidValue } from '../codec/codec.ts';
import { ValidationError } from '../errors.ts';
import { BOOLEAN, type ComputedType, computed, FLOAT, INTEGER, TEXT } from './computed-type.ts';
import { Expression } from './expression.ts';
import { takeValue } from './lowered.ts';

/**
 * A value of the application as an expression, for places where only expressions stand: `select()`, the base of a recursion,
 * an operand. It is a parameter with its type: a whole number is `integer`, another number `float`.
 */
export function literal<V extends string | number | bigint | boolean>(value: V): Expression<Widened<V>> {
  return literalOf(value, typeOf(value)) as Expression<Widened<V>>;
}

type Widened<V> = V extends string ? string : V extends number ? number : V extends bigint ? bigint : boolean;

function typeOf(value: unknown): ComputedType {
  switch (typeof value) {
    case 'string':
      return TEXT;
    case 'bigint':
      return { name: 'bigint' };
    case 'boolean':
      return BOOLEAN;
    default:
      return Number.isSafeInteger(value) ? INTEGER : FLOAT;
  }
}

/** A value as an expression of a type. */
export function literalOf(value: unknown, type: ComputedType): Expression<string> {
  return new Expression((level) => {
    const lowered = computed(level, { kind: 'constant', value: 0 }, type, false);
    try {
      const index = takeValue(level, lowered.codec.encode(value));
      return { ...lowered, node: { kind: 'parameter', index, type } };
    } catch (cause) {
      if (!(cause instanceof InvalidValue)) throw cause;
      throw new ValidationError(`literal(): ${cause.message}`, { cause });
    }
  });
}
