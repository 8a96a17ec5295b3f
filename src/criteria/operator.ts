declare const OPERAND: unique symbol;

/** The names of the operators, for those who translate them. */
export type OperatorKind =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'lte'
  | 'gt'
  | 'gte'
  | 'like'
  | 'not-like'
  | 'in'
  | 'not-in'
  | 'is-null'
  | 'is-not-null'
  | 'and'
  | 'or'
  | 'not'
  | 'all'
  | 'some'
  | 'every'
  | 'none';

/** An operator over a value of type `T`; made by functions only, so that data can never become one. */
export interface Op<T> {
  readonly [OPERAND]: T;
}

/** A condition over a whole entity of type `T`. */
export interface Condition<T> {
  readonly [OPERAND]: 'condition';
  readonly of?: T;
}

/**
 * What an operator makes of the place it stands at: a column, a to-many relation, a whole entity. It brings this along, so
 * that a program holds the operators it uses; the room that lowers criteria knows what these functions are.
 */
export interface OperatorMeaning {
  readonly column?: object;
  readonly relation?: object;
  readonly entity?: object;
}

/**
 * The operator object behind {@link Op} and {@link Condition}. The private field is the brand: parsed JSON, a clone, or
 * an object of another realm cannot have it.
 */
export class Operator {
  readonly #meaning: OperatorMeaning;
  readonly kind: OperatorKind;
  readonly operands: readonly unknown[];

  constructor(kind: OperatorKind, operands: readonly unknown[], meaning: OperatorMeaning) {
    this.#meaning = meaning;
    this.kind = kind;
    this.operands = operands;
  }

  /** Tells an operator from a value. */
  static is(value: unknown): value is Operator {
    return typeof value === 'object' && value !== null && #meaning in value;
  }

  static meaningOf(operator: Operator): OperatorMeaning {
    return operator.#meaning;
  }
}

/** Makes an operator under the type that callers see. */
export function operator<R>(kind: OperatorKind, meaning: OperatorMeaning, ...operands: readonly unknown[]): R {
  return new Operator(kind, operands, meaning) as unknown as R;
}
