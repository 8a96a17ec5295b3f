/**
 * The columns in the detail of a violated unique constraint: `Key (a, "b c")=(1, 2) already exists.`, in any language.
 * Names are quoted there as in SQL. Null where the index is over an expression, or the detail is missing or cut.
 */
export function uniqueColumns(detail: string | undefined): readonly string[] | null {
  if (detail === undefined) return null;
  const columns: string[] = [];
  let place = detail.indexOf('(') + 1;
  while (place > 0) {
    const name = nameAt(detail, place);
    if (name === null) return null;
    columns.push(name.name);
    if (detail.startsWith(')=(', name.end)) return columns;
    if (!detail.startsWith(', ', name.end)) return null;
    place = name.end + 2;
  }
  return null;
}

/**
 * The columns of a foreign key in the detail of its violation, where the names are not quoted: up to the first `)=(`, as
 * the values, which come behind it, may hold anything.
 */
export function foreignKeyColumns(detail: string | undefined): readonly string[] | null {
  // The other half of a foreign key, rows that are still referred to, tells the columns of the other table.
  if (detail === undefined || !detail.includes('is not present in table')) return null;
  const end = detail.indexOf(')=(');
  const start = detail.indexOf('(') + 1;
  return start > 0 && end > start ? detail.slice(start, end).split(', ') : null;
}

interface Name {
  readonly name: string;
  readonly end: number;
}

const PLAIN = /[\p{L}_][\p{L}\p{N}_$]*/uy;
const QUOTED = /"((?:[^"]|"")+)"/y;

function nameAt(text: string, place: number): Name | null {
  QUOTED.lastIndex = place;
  const quoted = QUOTED.exec(text);
  if (quoted !== null) return { name: (quoted[1] ?? '').replaceAll('""', '"'), end: QUOTED.lastIndex };
  PLAIN.lastIndex = place;
  const plain = PLAIN.exec(text);
  return plain === null ? null : { name: plain[0], end: PLAIN.lastIndex };
}
