/** How many Unicode code points a text has, which is what SQLite's `length()` and the other engines' `varchar(n)` count. */
export function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
