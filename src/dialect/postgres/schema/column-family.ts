/** What a type of a column is, as far as its values have to become those of another. */
export interface ColumnFamily {
  readonly family:
    | 'integer'
    | 'numeric'
    | 'float'
    | 'text'
    | 'boolean'
    | 'date'
    | 'timestamp'
    | 'timestamptz'
    | 'uuid'
    | 'other';
  /** Bits of an integer, or of the digits of a float. */
  readonly bits: number;
  /** Digits of a number, characters of a text, digits of a second; null where there is no bound. */
  readonly size: number | null;
  /** Digits behind the point. */
  readonly scale: number;
}

const FAMILIES: ReadonlyMap<string, readonly [ColumnFamily['family'], bits?: number]> = new Map([
  ['smallint', ['integer', 16]],
  ['int2', ['integer', 16]],
  ['integer', ['integer', 32]],
  ['int', ['integer', 32]],
  ['int4', ['integer', 32]],
  ['bigint', ['integer', 64]],
  ['int8', ['integer', 64]],
  ['numeric', ['numeric']],
  ['decimal', ['numeric']],
  ['real', ['float', 24]],
  ['float4', ['float', 24]],
  ['double precision', ['float', 53]],
  ['float8', ['float', 53]],
  ['text', ['text']],
  ['character varying', ['text']],
  ['varchar', ['text']],
  ['character', ['text']],
  ['char', ['text']],
  ['boolean', ['boolean']],
  ['bool', ['boolean']],
  ['date', ['date']],
  ['timestamp', ['timestamp']],
  ['timestamp without time zone', ['timestamp']],
  ['timestamp with time zone', ['timestamptz']],
  ['timestamptz', ['timestamptz']],
  ['uuid', ['uuid']],
]);

/** Reads a type as it stands in a column. */
export function familyOf(type: string): ColumnFamily {
  const [, name = '', size, scale, end = ''] =
    /^([a-z0-9 ]+?)(?:\((\d+)(?:,\s*(-?\d+))?\))?( with(?:out)? time zone)?$/i.exec(type.trim()) ?? [];
  const key = `${name}${end}`.toLowerCase();
  const [family, bits = 0] = FAMILIES.get(key) ?? ['other'];
  const given = size === undefined ? null : Number(size);
  return { family, bits, size: given ?? usualSize(key, family), scale: scale === undefined ? 0 : Number(scale) };
}

function usualSize(type: string, family: ColumnFamily['family']): number | null {
  if (type === 'character' || type === 'char') return 1;
  return family === 'timestamp' || family === 'timestamptz' ? 6 : null;
}
