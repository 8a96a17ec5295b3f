import type { FieldPacket, ResultSetHeader } from 'mysql2';

/** The result of a statement as Vitess sends it: proto3 as JSON, where 64 bits are text and what is nothing is left out. */
export interface VitessResult {
  readonly rowsAffected?: string;
  readonly insertId?: string;
  readonly fields?: readonly object[];
  readonly rows?: readonly { readonly lengths: readonly string[]; readonly values?: string }[];
}

const UNSIGNED = 32;
const BINARY = 128;
const ENUM = 256;
const SET = 2048;

/** MySQL's numbers of types, and Vitess's names: as they are, and where a number is unsigned or a text has the flag of bytes. */
const TYPES: ReadonlyMap<number, readonly [name: string, flagged?: string]> = new Map([
  [0, ['DECIMAL']],
  [1, ['INT8', 'UINT8']],
  [2, ['INT16', 'UINT16']],
  [3, ['INT32', 'UINT32']],
  [4, ['FLOAT32']],
  [5, ['FLOAT64']],
  [7, ['TIMESTAMP']],
  [8, ['INT64', 'UINT64']],
  [9, ['INT24', 'UINT24']],
  [10, ['DATE']],
  [11, ['TIME']],
  [12, ['DATETIME']],
  [13, ['YEAR']],
  [15, ['VARCHAR', 'VARBINARY']],
  [16, ['BIT']],
  [245, ['JSON']],
  [246, ['DECIMAL']],
  [247, ['ENUM']],
  [248, ['SET']],
  [249, ['TEXT', 'BLOB']],
  [250, ['TEXT', 'BLOB']],
  [251, ['TEXT', 'BLOB']],
  [252, ['TEXT', 'BLOB']],
  [253, ['VARCHAR', 'VARBINARY']],
  [254, ['CHAR', 'BINARY']],
  [255, ['GEOMETRY']],
] as const);

/** What mysql2 keeps of a column beside its public types. */
interface Column extends FieldPacket {
  readonly columnType: number;
  readonly characterSet: number;
  readonly flags: number;
}

/** The answer to a statement without rows. */
export function headerAnswer({ affectedRows, insertId }: ResultSetHeader): VitessResult {
  return {
    ...(affectedRows === 0 ? {} : { rowsAffected: String(affectedRows) }),
    ...(String(insertId) === '0' ? {} : { insertId: String(insertId) }),
  };
}

/** Rows, each as the bytes of all its values in one, and their lengths; -1 stands for NULL. */
export function rowsAnswer(
  rows: readonly (readonly (Buffer | null)[])[],
  fields: readonly FieldPacket[],
): VitessResult {
  return {
    fields: fields.map((field) => fieldOf(field as Column)),
    ...(rows.length === 0 ? {} : { rows: rows.map(rowOf) }),
  };
}

function rowOf(values: readonly (Buffer | null)[]) {
  const bytes = Buffer.concat(values.filter((value) => value !== null));
  return {
    lengths: values.map((value) => (value === null ? '-1' : String(value.length))),
    ...(bytes.length === 0 ? {} : { values: bytes.toString('base64') }),
  };
}

function fieldOf(column: Column): object {
  const { name, table, orgTable, orgName, db, columnLength, characterSet, flags, decimals } = column;
  const all = {
    name,
    type: typeOf(column),
    table,
    orgTable,
    database: db,
    orgName,
    columnLength,
    charset: characterSet,
  };
  return Object.fromEntries(
    Object.entries({ ...all, flags, decimals }).filter(
      ([, value]) => value !== 0 && value !== '' && value !== undefined,
    ),
  );
}

// Vitess goes by the flag of bytes, which texts have as well whose collation is one of bytes.
function typeOf({ columnType, flags }: Column): string | undefined {
  if ((flags & ENUM) !== 0) return 'ENUM';
  if ((flags & SET) !== 0) return 'SET';
  const [name, flagged] = TYPES.get(columnType) ?? [];
  const isText = columnType === 15 || columnType >= 249;
  return flagged !== undefined && (flags & (isText ? BINARY : UNSIGNED)) !== 0 ? flagged : name;
}
