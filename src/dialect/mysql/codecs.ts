import { type Codec, type CodecChoice, InvalidValue } from '../../codec/codec.ts';
import { isDate } from '../../codec/datetime.ts';
import { refuse } from '../../codec/refuse.ts';

const EARLIEST = Date.parse('0001-01-01T00:00:00Z');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');

/** Instants as text in UTC, for columns without a time zone: what the session's zone is does not matter. */
const instantCodec: Codec = {
  identity: false,
  wireType: 'object',
  encode: (value) => {
    if (!isDate(value)) return refuse('a Date', value);
    const time = value.getTime();
    if (Number.isNaN(time)) return refuse('a valid Date', time);
    if (time < EARLIEST || time > LATEST) {
      throw new InvalidValue('expected a Date of the years 1 to 9999, which are all that MySQL has');
    }
    return value.toISOString().slice(0, -1).replace('T', ' ');
  },
  decode: (wire) => {
    const time = parseInstant(wire);
    return Number.isNaN(time) ? refuse('an instant as YYYY-MM-DD hh:mm:ss', wire) : new Date(time);
  },
  equals: (value, wire) => isDate(value) && value.getTime() === parseInstant(wire),
};

function parseInstant(wire: unknown): number {
  if (typeof wire !== 'string' || wire.charCodeAt(10) !== 32) return Number.NaN;
  return Date.parse(`${wire.slice(0, 10)}T${wire.slice(11)}Z`);
}

/** How MySQL and MariaDB store each type. */
export const codecOf: CodecChoice = ({ name }, standard) => (name === 'datetime' ? instantCodec : standard);
