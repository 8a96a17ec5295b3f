import { booleanCodec } from '../../codec/boolean.ts';
import { type Codec, type CodecChoice, InvalidValue } from '../../codec/codec.ts';
import { isDate } from '../../codec/datetime.ts';
import { refuse } from '../../codec/refuse.ts';
import { instantText, parseInstant } from './instant.ts';

/** 4714-11-24 BC, before which a timestamp cannot be. */
const EARLIEST = -210_866_803_200_000;

/** Instants as text in UTC; read in whatever time zone the session has. */
const instantCodec: Codec = {
  identity: false,
  wireType: 'object',
  encode: (value) => {
    if (!isDate(value)) return refuse('a Date', value);
    const time = value.getTime();
    if (Number.isNaN(time)) return refuse('a valid Date', time);
    if (time < EARLIEST) throw new InvalidValue('expected a Date from 4714-11-24 BC on, got an earlier one');
    return instantText(value);
  },
  decode: (wire) => {
    const date = new Date(typeof wire === 'string' ? parseInstant(wire) : Number.NaN);
    if (!Number.isNaN(date.getTime())) return date;
    throw new InvalidValue('expected an instant that a Date can hold, in the ISO style, got something else');
  },
  equals: (value, wire) => isDate(value) && typeof wire === 'string' && value.getTime() === parseInstant(wire),
};

// PostgreSQL has numbers and days that the other engines do not: they must not come out as if they were values.
const isNumeral = (wire: unknown): boolean => typeof wire === 'string' && /^-?\d/.test(wire);
const isDay = (wire: unknown): boolean => typeof wire === 'string' && /^\d{4}-\d\d-\d\d$/.test(wire);

function checkedCodec(standard: Codec, isValue: (wire: unknown) => boolean, expected: string): Codec {
  const decode: Codec['decode'] = (wire) => (isValue(wire) ? wire : refuse(expected, wire));
  return { ...standard, identity: false, decode };
}

function floatCodec(standard: Codec): Codec {
  return {
    ...standard,
    identity: false,
    // Negative zero is equal to 0 here, and could not be written back.
    decode: (wire) => (Number.isFinite(wire) ? Number(wire) + 0 : refuse('a finite number', wire)),
  };
}

// The server takes no NUL in any text (https://www.postgresql.org/docs/current/datatype-character.html), and none escaped in
// JSON; of lone surrogates JSON.stringify makes escapes, which it does not take either.
function refusingNul(standard: Codec, hasFlaw: (wire: string) => boolean, flaw: string): Codec {
  return {
    ...standard,
    encode: (value) => {
      const wire = standard.encode(value);
      if (typeof wire === 'string' && hasFlaw(wire)) throw new InvalidValue(flaw);
      return wire;
    },
  };
}

const hasNul = (text: string): boolean => text.includes('\0');
const hasNulEscape = (json: string): boolean =>
  json.includes('\\u') && /(?:^|[^\\])(?:\\\\)*\\u(?:0000|d[89a-f])/.test(json);

/** How PostgreSQL stores each type. */
export const codecOf: CodecChoice = ({ name }, standard) => {
  switch (name) {
    case 'boolean':
      return booleanCodec;
    case 'datetime':
      return instantCodec;
    case 'date':
      return checkedCodec(standard, isDay, 'a day as YYYY-MM-DD');
    case 'decimal':
      return checkedCodec(standard, isNumeral, 'a decimal number');
    case 'float':
      return floatCodec(standard);
    case 'text':
      return refusingNul(standard, hasNul, 'expected text without NUL, which PostgreSQL cannot store');
    case 'json':
      return refusingNul(
        standard,
        hasNulEscape,
        'expected JSON without NUL and lone surrogates in its texts, which PostgreSQL cannot store',
      );
    default:
      return standard;
  }
};
