/** The result codes of SQLite that `sqliteError` goes by, by the names that follow `SQLITE_` (https://www.sqlite.org/rescode.html). */
export const RESULT_CODES: ReadonlyMap<string, number> = new Map([
  ['BUSY', 5],
  ['LOCKED', 6],
  ['INTERRUPT', 9],
  ['CORRUPT', 11],
  ['FULL', 13],
  ['CONSTRAINT', 19],
  ['NOTADB', 26],
]);
