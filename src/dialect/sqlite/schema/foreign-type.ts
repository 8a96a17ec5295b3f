import type { ForeignType } from '../../../compiler/schema-dialect.ts';

const AS_TEXT: ForeignType = { wire: 'text', read: ['CAST(', ' AS TEXT)'], write: null };

/**
 * How values of a type travel, by its affinity (https://www.sqlite.org/datatype3.html#determination_of_column_affinity). A
 * column of NUMERIC affinity, as those of dates and decimals are, takes texts for numbers where they are some.
 */
export function foreignType(type: string): ForeignType {
  if (/INT|^BOOL/i.test(type)) return { wire: 'integer', read: null, write: null };
  if (/CHAR|CLOB|TEXT/i.test(type)) return { wire: 'text', read: null, write: null };
  if (/BLOB/i.test(type)) return { wire: 'bytes', read: null, write: null };
  if (/REAL|FLOA|DOUB/i.test(type)) return { wire: 'float', read: null, write: null };
  return AS_TEXT;
}
