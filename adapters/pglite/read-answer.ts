import {
  affectedRowsOf,
  type PostgresErrorFields,
  type WireParser,
  wireParserOf,
} from '../../src/dialect/postgres/index.ts';
import type { ResultSet, WireRow, WireValue } from '../../src/port.ts';

/** What the server answered to one statement. */
export interface Answer {
  readonly result: ResultSet;
  /** The completion tag: `INSERT 0 5`, `COMMIT`. */
  readonly tag: string;
  readonly error: PostgresErrorFields | undefined;
  /** `I` outside of a transaction, `T` in one, `E` in one that failed. */
  readonly status: string;
}

/** Reads the messages of an answer. Notices and whatever else comes along are passed over. */
export function readAnswer(bytes: Uint8Array): Answer {
  const reader = new MessageReader(bytes);
  const rows: WireRow[] = [];
  let columns: readonly string[] = [];
  let parsers: readonly WireParser[] = [];
  let tag = '';
  let error: PostgresErrorFields | undefined;
  let status = '';
  for (let type = reader.next(); type !== ''; type = reader.next()) {
    if (type === 'D') rows.push(readRow(reader, parsers));
    else if (type === 'T') ({ columns, parsers } = readColumns(reader));
    else if (type === 'C') tag = reader.text();
    else if (type === 'E') error ??= readError(reader);
    else if (type === 'Z') status = reader.letter();
  }
  const [command = ''] = tag.split(' ');
  const affectedRows = affectedRowsOf(command, Number(tag.slice(tag.lastIndexOf(' ') + 1)));
  return { result: { columns, rows, affectedRows }, tag, error, status };
}

function readColumns(reader: MessageReader): { columns: readonly string[]; parsers: readonly WireParser[] } {
  const columns: string[] = [];
  const parsers: WireParser[] = [];
  for (let left = reader.int16(); left > 0; left -= 1) {
    columns.push(reader.text());
    // The table and the column that it comes from; then, behind the type, its size and how it is sent.
    reader.skip(6);
    parsers.push(wireParserOf(reader.int32()));
    reader.skip(8);
  }
  return { columns, parsers };
}

function readRow(reader: MessageReader, parsers: readonly WireParser[]): WireRow {
  const row = new Array<WireValue>(reader.int16());
  for (let column = 0; column < row.length; column += 1) {
    const length = reader.int32();
    row[column] = length < 0 ? null : ((parsers[column] as WireParser)(reader.chunk(length)) ?? null);
  }
  return row;
}

/** https://www.postgresql.org/docs/current/protocol-error-fields.html */
const FIELDS: ReadonlyMap<string, keyof PostgresErrorFields> = new Map<string, keyof PostgresErrorFields>([
  ['V', 'severity'],
  ['C', 'code'],
  ['M', 'message'],
  ['D', 'detail'],
  ['P', 'position'],
  ['s', 'schema'],
  ['t', 'table'],
  ['c', 'column'],
  ['d', 'dataType'],
  ['n', 'constraint'],
  ['R', 'routine'],
]);

function readError(reader: MessageReader): PostgresErrorFields {
  const fields: { -readonly [F in keyof PostgresErrorFields]: PostgresErrorFields[F] } = { message: '' };
  for (let code = reader.letter(); code !== '\0'; code = reader.letter()) {
    const name = FIELDS.get(code);
    const text = reader.text();
    if (name !== undefined) fields[name] = text;
  }
  return fields;
}

// A byte order mark at the beginning of a text is a part of it.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

class MessageReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #place = 0;
  #end = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Goes to the next message, and gives its type; empty at the end. */
  next(): string {
    if (this.#end >= this.#bytes.length) return '';
    this.#place = this.#end;
    const type = this.letter();
    this.#end = this.#place + this.#view.getInt32(this.#place);
    this.skip(4);
    return type;
  }

  letter(): string {
    this.#place += 1;
    return String.fromCharCode(this.#bytes[this.#place - 1] ?? 0);
  }

  int16(): number {
    this.#place += 2;
    return this.#view.getInt16(this.#place - 2);
  }

  int32(): number {
    this.#place += 4;
    return this.#view.getInt32(this.#place - 4);
  }

  /** Text up to a zero byte. */
  text(): string {
    const end = this.#bytes.indexOf(0, this.#place);
    const text = this.chunk(end - this.#place);
    this.#place = end + 1;
    return text;
  }

  chunk(length: number): string {
    this.#place += length;
    return decoder.decode(this.#bytes.subarray(this.#place - length, this.#place));
  }

  skip(bytes: number): void {
    this.#place += bytes;
  }
}
