import type { WireValue } from '../wire/wire-value.ts';
import type { ColumnType } from './column-type.ts';

/**
 * Converts the values of one column type between an application and the wire of one dialect. `null` is handled by the
 * callers: no method here receives it.
 */
export interface Codec {
  /**
   * True where a wire value of type {@link wireType} is the application's value itself, so that hydration may keep it
   * without a call to {@link decode}.
   */
  readonly identity: boolean;
  /** What `typeof` says of a wire value that {@link identity} holds for. */
  readonly wireType: 'number' | 'string' | 'boolean' | 'bigint' | 'object';
  /**
   * The wire value for an application's value. Throws {@link InvalidValue} for a value that is of the wrong type or
   * would not come back the same.
   */
  encode(value: unknown): WireValue;
  /** The application's value for a wire value. Throws {@link InvalidValue} where the wire value is not of this type. */
  decode(wire: WireValue): unknown;
  /** Whether a value of the application is what the wire value stands for; compares JSON, dates and bytes by value. */
  equals(value: unknown, wire: WireValue): boolean;
}

/** Chooses the codec of a column type: the engine's own where it has such a type, else the `standard` one. */
export type CodecChoice = (type: ColumnType, standard: Codec) => Codec;

/**
 * Why a codec refused a value, without the value itself: callers add entity and property and make it a
 * `ValidationError` or a `DeserializationError`.
 */
export class InvalidValue extends Error {}
