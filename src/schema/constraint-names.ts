// PostgreSQL cuts names at 63 bytes without a word, and two cut names may meet.
const maxBytes = 60;

/** The name of a constraint or an index on columns of a table. */
export type NameConstraint = (
  table: string,
  columns: readonly string[],
  suffix: 'key' | 'fkey' | 'idx' | 'check',
) => string;

/**
 * Makes the names of one schema's constraints and indexes: `<table>_<columns>_<suffix>`, the same for the same model
 * every time. A name that would be too long, or that another one has already, ends with a hash of what it stands for.
 *
 * @param tables - names that no index may have, because SQLite keeps tables and indexes in one list
 */
export function createConstraintNames(tables: readonly string[]): NameConstraint {
  const taken = new Set(tables.map((name) => name.toLowerCase()));
  return (table, columns, suffix) => {
    const parts = [table, ...columns, suffix];
    const plain = parts.join('_');
    const fits = new TextEncoder().encode(plain).length <= maxBytes && !taken.has(plain.toLowerCase());
    const name = fits ? plain : `${cut(plain, maxBytes - 14)}_${hash(JSON.stringify(parts))}_${suffix}`;
    taken.add(name.toLowerCase());
    return name;
  };
}

function cut(text: string, bytes: number): string {
  // A code point has at most 4 bytes; one that the cut goes through is dropped.
  return new TextDecoder().decode(new TextEncoder().encode(text).subarray(0, bytes)).replace(/\uFFFD+$/, '');
}

/** FNV-1a of 32 bits over UTF-16 code units, as 8 hexadecimal digits. */
function hash(text: string): string {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  return (state >>> 0).toString(16).padStart(8, '0');
}
