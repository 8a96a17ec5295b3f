import type { ForeignType } from '../../../compiler/schema-dialect.ts';

/** How values of a type travel: numbers and bytes as such, shapes as their text form, and all else as the text that it has. */
export function foreignType(type: string): ForeignType {
  if (/^bigint/i.test(type)) return { wire: 'bigint', read: null, write: null };
  if (/^(?:tiny|small|medium)?int/i.test(type)) return { wire: 'integer', read: null, write: null };
  if (/^(?:float|double|real)/i.test(type)) return { wire: 'float', read: null, write: null };
  if (/binary|blob/i.test(type)) return { wire: 'bytes', read: null, write: null };
  if (/^bit/i.test(type)) {
    return { wire: 'bigint', read: ['CAST(', ' AS UNSIGNED)'], write: ['CAST(', ' AS UNSIGNED)'] };
  }
  if (/^(?:point|linestring|polygon|geom|multi)/i.test(type)) {
    return { wire: 'text', read: ['ST_AsText(', ')'], write: ['ST_GeomFromText(', ')'] };
  }
  if (/char|text|enum|set/i.test(type)) return { wire: 'text', read: null, write: null };
  return { wire: 'text', read: ['CAST(', ' AS CHAR)'], write: null };
}
