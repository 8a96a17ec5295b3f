import type { Codec } from './codec.ts';
import { refuse, tagOf } from './refuse.ts';

/** Instants as whole milliseconds since 1970-01-01T00:00:00Z, for engines without a type for instants. */
export const datetimeAsMilliseconds: Codec = {
  identity: false,
  wireType: 'object',
  encode: (value) => {
    if (!isDate(value)) return refuse('a Date', value);
    const time = value.getTime();
    return Number.isNaN(time) ? refuse('a valid Date', time) : time;
  },
  decode: (wire) => {
    const date = typeof wire === 'number' && Number.isInteger(wire) ? new Date(wire) : refuse('milliseconds', wire);
    return Number.isNaN(date.getTime()) ? refuse('milliseconds of a Date', wire) : date;
  },
  equals: (value, wire) => isDate(value) && value.getTime() === wire,
};

/** Whether a value is a Date, of this realm or another one. */
export function isDate(value: unknown): value is Date {
  return value instanceof Date || tagOf(value) === 'Date';
}
