import type { ForeignType } from '../../../compiler/schema-dialect.ts';

/**
 * How values of a type travel. All that is no number, truth value or bytes does so as its text, which every type of PostgreSQL
 * has; it is cast to the type where it is written.
 */
export function foreignType(type: string): ForeignType {
  if (/^(?:smallint|integer)$/.test(type)) return { wire: 'integer', read: null, write: null };
  if (type === 'bigint') return { wire: 'bigint', read: null, write: null };
  if (/^(?:real|double precision)$/.test(type)) return { wire: 'float', read: null, write: null };
  if (type === 'bytea') return { wire: 'bytes', read: null, write: null };
  return { wire: 'text', read: ['', '::text'], write: null };
}
