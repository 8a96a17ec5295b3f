/**
 * Whether an expression may speak of a column: its name is in it, in quotes or not. It is no parser: it may say yes of a
 * text or of a function of that name, and what is asked is therefore only what has to be made anew.
 */
export function mentions(expression: string | null, column: string): boolean {
  if (expression === null) return false;
  const name = column.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  const text = expression.replaceAll('""', '"').replaceAll('``', '`');
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${name}(?![\\p{L}\\p{N}_$])`, 'iu').test(text);
}
