import { formatStatement, isOneStatement, statementVerb } from '../../src/dialect/mysql/index.ts';
import type { Statement } from '../../src/port.ts';
import { SQL_MODE } from './sql-mode.ts';

declare const Buffer: { byteLength(text: string): number };

/** A batch as one text, or why it cannot be one. */
export type BatchText =
  | { readonly text: string; readonly before: number; readonly behind: number }
  | { readonly apart: string };

/** What the protocol puts around the text counts as well. */
const AROUND = 64;

/** The text's own modes and character set: the values in it must be read as they were written, whatever ran before. */
const READING_AS_WRITTEN = `SET SESSION sql_mode = '${SQL_MODE}', character_set_client = utf8mb4`;

/** What opens the transaction of a batch. One that only reads sees the database at one moment. */
const BEGIN: Readonly<Record<'reading' | 'writing', readonly string[]>> = {
  reading: ['SET TRANSACTION ISOLATION LEVEL REPEATABLE READ', 'START TRANSACTION READ ONLY'],
  writing: ['START TRANSACTION'],
};

/**
 * Writes a batch as one text of several statements, from START TRANSACTION to COMMIT, with the values in it; `before`
 * and `behind` are how many statements of that text come before its first and behind its last. The server goes through them one by one, and stops at the first that fails.
 *
 * @param maxPacket - bytes that the server takes at most
 */
export function batchText(statements: readonly Statement[], readOnly: boolean, maxPacket: number): BatchText {
  if (!statements.every(isSurelyOne)) {
    return { apart: 'a statement of it is not surely one, or may commit, so that another one cannot stand behind it' };
  }
  const before = [READING_AS_WRITTEN, ...BEGIN[readOnly ? 'reading' : 'writing']];
  // On a line of its own the semicolon is in no comment.
  const text = [...before, ...statements.map(formatStatement), 'COMMIT'].join('\n;\n');
  const bytes = Buffer.byteLength(text) + AROUND;
  if (bytes <= maxPacket) return { text, before: before.length, behind: 1 };
  return { apart: `it is ${bytes} bytes long, and the server takes ${maxPacket} at once (max_allowed_packet)` };
}

function isSurelyOne({ sql }: Statement): boolean {
  return statementVerb(sql).protocol === 'prepared' && isOneStatement(sql);
}
